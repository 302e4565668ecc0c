# Atajos. `make film` and `make test` do everything, on a fresh machine too.

QUALITY ?= l
LANG_ ?= es
THEME ?= dark
ASPECT ?= 16:9
FLAGS ?=
export QUALITY LANG_ THEME ASPECT # read by the shell as they are, whatever they say

ATAJOS = .venv/bin/atajos

.DEFAULT_GOAL := help
.PHONY: help setup film page stills pictures test lint clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  settings for film and stills: QUALITY=l|m|h|k LANG_=es|en THEME=dark|light|transparent ASPECT=16:9|1:1|9:16"
	@echo "  anything else for atajos: FLAGS='--set profile.depth=32'"

setup: ## install what rendering needs, into .venv
	@./setup.sh

film: setup ## set up, simulate, render the preview film, and print where it lies
	@$(ATAJOS) film --burn-captions --quality "$$QUALITY" --lang "$$LANG_" --theme "$$THEME" --aspect "$$ASPECT" $(FLAGS)

page: setup ## one offline HTML file, es and en, in which readers turn the dials: out/page.html
	@$(ATAJOS) page --lang es,en --out out/page.html $(FLAGS)

stills: setup ## one picture of every chapter: the end of each beat
	@$(ATAJOS) stills --all --lang "$$LANG_" --theme "$$THEME" --aspect "$$ASPECT" $(FLAGS)

pictures: setup ## what the READMEs show of the film: trailer and gallery, es and en
	@$(ATAJOS) film --trailer --format gif --lang es,en --out assets/stills $(FLAGS)
	@$(ATAJOS) stills --all --gallery --lang es,en --out assets/stills $(FLAGS)

test: ## set up and run all tests
	@./setup.sh dev
	@# one process more than there may be cores: some tests wait for others of their own
	@.venv/bin/python -m pytest -n 3 --dist loadgroup $(FLAGS)

lint: ## check style and types
	@./setup.sh dev
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy

clean: ## remove clips, caches and stored records; keeps .venv
	rm -rf out media .atajos

// What the picture says in words: the sentence under it, the state that is read, the table, and what is spoken aloud.
import { $, make } from "./html.js";
import { linesOf } from "./chart.js";
import { meanShare } from "./journey.js";
import { became, percent, signal, t } from "./text.js";

/** The sentence for a journey. */
export function sentence(journey) {
  const [plain, residual] = [0, 1].map((skip) => became(journey, skip));
  const share = meanShare(journey);
  const told = t("said", { depth: journey.depth, plain, residual });
  return Number.isFinite(share) ? `${told} ${t("said_share", { share: percent(share) })}` : told;
}

/** What is seen at one state: of weights, those of the block behind it. */
export function stateRead(journey, kind, l) {
  if (kind === "weights" && l === 0) return t("read.no_block");
  const i = kind === "weights" ? l - 1 : l;
  const [plain, residual] = [0, 1].map((skip) => written(journey, kind, skip, i));
  const name = journey.names?.[l - 1] ?? "";
  return t(kind === "weights" ? "read.weights" : "read.state", { l, plain, residual, name: name && ` (${name})` });
}

/** A number of a line of the chart, to the digits that its seeds agree on; none where the line has ended. */
function written(journey, kind, skip, i) {
  const { rows, digits } = linesOf(journey, kind);
  return i < rows[skip].length ? signal(rows[skip][i], digits[skip][i]) : "";
}

/** All numbers, from the input to the loss. */
export function writeTable(journey) {
  const head = ["state", "plain", "residual", "share", "weights_plain", "weights_residual"].map((key) =>
    make("th", { scope: "col" }, t(`table.${key}`)),
  );
  const rows = Array.from({ length: journey.depth + 1 }, (_, l) => {
    const of = (kind, skip) => written(journey, kind, skip, l);
    const share = l < journey.depth ? (Number.isFinite(journey.share[l]) ? percent(journey.share[l]) : "–") : "";
    const cells = [of("signal", 0), of("signal", 1), share, of("weights", 0), of("weights", 1)];
    const name = journey.names?.[l] ? ` · ${journey.names[l]}` : "";
    const first = make("th", { scope: "row" }, `h${l}${name}`);
    return make("tr", {}, first, ...cells.map((text) => make("td", {}, text)));
  });
  $("#table").replaceChildren(
    make("caption", {}, t("table.caption")),
    make("thead", {}, make("tr", {}, ...head)),
    make("tbody", {}, ...rows),
  );
}

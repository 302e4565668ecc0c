// What the picture says in words: the sentence under it, the state that is read, the table, and what is spoken aloud.
import { $, make } from "./html.js";
import { linesOf } from "./chart.js";
import { meanShare } from "./journey.js";
import { became, percent, signal, t } from "./text.js";

/** The sentence for a journey. */
export function sentence(journey) {
  const [plain, residual] = journey.log10.map((row, skip) => became(row[0], journey.digits[skip][0]));
  const share = meanShare(journey);
  const told = t("said", { depth: journey.depth, plain, residual });
  return Number.isFinite(share) ? `${told} ${t("said_share", { share: percent(share) })}` : told;
}

/** What is seen at one state: of weights, those of the block behind it. */
export function stateRead(journey, kind, l) {
  const { rows, digits } = linesOf(journey, kind);
  if (kind === "weights" && l === 0) return t("read.no_block");
  const i = kind === "weights" ? l - 1 : l;
  const [plain, residual] = rows.map((row, skip) => signal(row[i], digits[skip][i]));
  const name = journey.names?.[l - 1] ?? "";
  return t(kind === "weights" ? "read.weights" : "read.state", { l, plain, residual, name: name && ` (${name})` });
}

/** All numbers, from the input to the loss. */
export function writeTable(journey) {
  const head = ["state", "plain", "residual", "share", "weights_plain", "weights_residual"].map((key) =>
    make("th", { scope: "col" }, t(`table.${key}`)),
  );
  const rows = Array.from({ length: journey.depth + 1 }, (_, l) => {
    const block = (row, write) => (l < journey.depth ? write(row[l]) : "");
    const cells = [
      signal(journey.log10[0][l], journey.digits[0][l]),
      signal(journey.log10[1][l], journey.digits[1][l]),
      block(journey.share, (share) => (Number.isFinite(share) ? percent(share) : "–")),
      ...[0, 1].map((skip) =>
        block(journey.weights[skip], (log10) => signal(log10, journey.weightDigits[skip][l])),
      ),
    ];
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

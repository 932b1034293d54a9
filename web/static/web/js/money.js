// Amounts in whole fen as BigInt. No binary fractions anywhere.

const fullWidth = /[０-９．，－＋　]/g;
const narrow = (char) => (char === "　" ? " " : String.fromCharCode(char.charCodeAt(0) - 0xfee0));

/** Text as people and Excel write it → fen. {fen: null} for empty, {error: word key} for what is no amount.
    decimals: 2 when the text is yuan, 6 when it is 万元. Brackets mean negative, as accountants write. */
export function parseFen(text, decimals = 2) {
  let clean = String(text).replace(fullWidth, narrow).replace(/[\s,，￥¥]|万?元$/g, "").replace(/[−–—]/g, "-");
  if (clean === "" || clean === "-") return { fen: null };
  const brackets = /^\((.+)\)$/.exec(clean);
  if (brackets) clean = `-${brackets[1]}`;
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(clean);
  if (!match || (match[2] === "" && !match[3])) return { fen: null, error: "not-an-amount" };
  const fraction = (match[3] ?? "").replace(/0+$/, "");
  if (fraction.length > decimals) return { fen: null, error: "too-precise" };
  const digits = BigInt((match[2] || "0") + fraction.padEnd(decimals, "0"));
  return { fen: match[1] === "-" ? -digits : digits };
}

/** Fen → "3,400.00" in yuan (decimals 2) or in 万元 rounded half up to two decimals (decimals 6). */
export function formatFen(fen, decimals = 2) {
  const shown = decimals === 2 ? fen : divideHalfUp(fen, 10n ** BigInt(decimals - 2));
  const sign = shown < 0n ? "-" : "";
  const digits = String(shown < 0n ? -shown : shown).padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${sign}${whole}.${digits.slice(-2)}`;
}

/** part / whole as "25.16 %", half up; "—" where the whole is zero. */
export function formatRate(part, whole) {
  if (whole === 0n) return "—";
  return `${formatFen(divideHalfUp(part * 10000n, whole))} %`;
}

/** Rounds half away from zero, as ROUND_HALF_UP of Python's decimal does. */
export function divideHalfUp(part, whole) {
  const negative = (part < 0n) !== (whole < 0n);
  const [p, w] = [part < 0n ? -part : part, whole < 0n ? -whole : whole];
  const quotient = (2n * p + w) / (2n * w);
  return negative ? -quotient : quotient;
}

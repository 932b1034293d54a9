// Fetches a file and says how much of it has come.
export async function fetchWhole(address, onProgress) {
  const answer = await fetch(address);
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status} ${address}`);
  const size = Number(answer.headers.get("content-length"));
  if (!size || !answer.body) return answer.arrayBuffer();
  const whole = new Uint8Array(size);
  let at = 0;
  for (const reader = answer.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (at + value.length > size) throw new Error("more bytes than announced");
    whole.set(value, at);
    at += value.length;
    onProgress(at / size);
  }
  return whole.buffer;
}

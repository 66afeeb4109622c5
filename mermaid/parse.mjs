import { JSDOM } from 'jsdom';
import { readFileSync } from 'node:fs';
const { window } = new JSDOM('');
Object.assign(globalThis, { window, document: window.document });
const mermaid = (await import('mermaid')).default;
for (const picture of JSON.parse(readFileSync(0))) {
  try { await mermaid.parse(picture); } catch (error) { console.log(picture + error); }
}

/**
 * Takes the messages out of what Windows PowerShell writes where it takes its reader for another PowerShell: lines
 * `#< CLIXML`, each followed by XML ([MS-PSRP] 2.2.5). What is no such XML stays as it is.
 */
export function readClixml(text: string): string {
  return text.replaceAll(/#< CLIXML\s*(<Objs\b.*?<\/Objs>)?/gs, (_, xml: string | undefined) => messages(xml ?? ''));
}

function messages(xml: string): string {
  // Progress is told as an object (Obj), messages as strings of a stream (S S="Error").
  return [...xml.matchAll(/<S S="\w+">(.*?)<\/S>/gs)].map(([, text = '']) => unescaped(text)).join('');
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescaped(text: string): string {
  return text.replaceAll(/_x([0-9A-Fa-f]{4})_|&(lt|gt|quot|apos|amp);/g, (_, unit?: string, entity?: string) =>
    unit === undefined ? (entities[entity ?? ''] ?? '') : String.fromCharCode(Number.parseInt(unit, 16)),
  );
}

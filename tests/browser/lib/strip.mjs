/**
 * Takes the comments and the indentation out of a script, as the server does when it embeds them. Line by line, so that it cannot be wrong about what
 * a comment is: one begins a line with `//`, or begins a line with `/**` and ends that line or a later one with its own end sign.
 */
export function strip(script) {
  const kept = [];
  let inside = false;
  for (const line of script.split('\n').map((one) => one.trim())) {
    const begins = !inside && line.startsWith('/**');
    const ends = line.endsWith('*/');
    if (!inside && !(begins && (ends || !line.includes('*/'))) && !line.startsWith('//') && line !== '') kept.push(line);
    inside = (inside || (begins && !line.includes('*/'))) && !ends;
  }
  return `${kept.join('\n')}\n`;
}

// Records on the page: the newest version known of each, and its editors that wait for their turn to save.
const records = new Map();

function recordOf({ kind, record, version }) {
  const key = `${kind} ${record}`;
  if (!records.has(key)) records.set(key, { version: 0, waiting: new Set(), busy: false });
  const found = records.get(key);
  noteVersion(found, version);
  return found;
}

function noteVersion(record, version) {
  record.version = Math.max(record.version, Number(version) || 0);
}

// One request per record at a time. An editor that asks again while its request is under way is visited again.
async function saveInTurn(record, editor) {
  record.waiting.add(editor);
  if (record.busy) return;
  record.busy = true;
  for (const next of record.waiting) {
    record.waiting.delete(next);
    await next.send();
  }
  record.busy = false;
}

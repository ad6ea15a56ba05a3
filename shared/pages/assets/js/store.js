/**
 * What is kept on this device, in one IndexedDB database: entries that were not sent yet, drafts, and a key for each account.
 *
 * What coaches wrote is sealed with AES-GCM under a key that scripts cannot take out. It protects from who searches a disk, a backup or the
 * developer tools for names, and from another account's pages; and once the key is deleted, remains of drafts on the disk are unreadable. It does
 * NOT protect from who has the whole browser profile (the key lies in the same folder), nor from a script that runs in this origin. The lock of the
 * device and the disk's own encryption have to do that.
 *
 * - An entry is on disk before `addEntry` resolves ('strict': the browser asks the disk, not only the system).
 * - The draft of a form goes in the same transaction in which its entry comes: after a crash there is the one or the other, never both.
 * - Pages of an older and a newer version may be open beside each other: whatever version the database has is taken, and an entry whose form
 *   (`v`) is newer than this script is counted but left alone.
 */

const DATABASE = 'trajectlog';
const DATABASE_VERSION = 1;
/** The form of an entry. A newer script must read all older ones. */
const ENTRY = 1;
/** The form of a draft. One of another form is dropped: it was never promised to stay. */
const DRAFT = 1;

/**
 * @typedef {import('./events.js').Decision} Decision
 * @typedef {{ decision: Decision, form?: { address: string, type: string, values: import('./events.js').Values, client?: string } }} Content
 * @typedef {object} Entry
 * @property {number} seq its place in the order in which they were made
 * @property {number} v
 * @property {string} account
 * @property {string} trajectory
 * @property {string} created_at
 * @property {number} tries counted before each try: 0 means that the server has certainly not seen it
 * @property {'waiting' | 'refused'} state
 * @property {Problem | null} problem why it was refused, as answered
 * @property {boolean} mended it was refused once and sent again
 * @property {{ iv: Uint8Array, bytes: ArrayBuffer }} sealed
 * @typedef {{ status: number, code: string, detail?: string, conflicts?: string[], current_revision?: number }} Problem
 */

/** @type {Promise<IDBDatabase> | undefined} */
let database;

function open() {
  database ??= connect(DATABASE_VERSION).catch((error) => {
    if (error.name === 'VersionError') return connect();
    throw error;
  });
  database.catch(() => { database = undefined; });
  return database;
}

function connect(version) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, version);
    request.onupgradeneeded = () => {
      const entries = request.result.createObjectStore('entries', { keyPath: 'seq', autoIncrement: true });
      entries.createIndex('account', 'account');
      request.result.createObjectStore('drafts', { keyPath: 'key' });
      request.result.createObjectStore('keys', { keyPath: 'account' });
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      // A newer version of the application must be able to change the database while this page is open.
      request.result.onversionchange = () => { request.result.close(); database = undefined; };
      request.result.onclose = () => { database = undefined; };
      resolve(request.result);
    };
  });
}

/**
 * One transaction over the stores. Resolves when it is complete, with the result of the request that `work` returns.
 * @param {string[]} stores @param {IDBTransactionMode} mode @param {(...stores: IDBObjectStore[]) => IDBRequest | void} work
 */
async function transaction(stores, mode, work) {
  const opened = await open();
  return new Promise((resolve, reject) => {
    const running = opened.transaction(stores, mode, { durability: 'strict' });
    running.onabort = () => reject(running.error ?? new Error('the transaction was aborted'));
    const request = work(...stores.map((name) => running.objectStore(name)));
    running.oncomplete = () => resolve(request?.result);
  });
}

// ---- Keys ----

async function keyOf(account) {
  const known = await transaction(['keys'], 'readonly', (keys) => keys.get(account));
  if (known) return known.key;
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  // Of two tabs that make a key at the same time the first one's stays.
  const found = await transaction(['keys'], 'readwrite', (keys) => {
    keys.get(account).onsuccess = ({ target }) => target.result || keys.put({ account, key });
    return keys.get(account);
  });
  return found ? found.key : keyOf(account);
}

const inThe = (account) => new TextEncoder().encode(account);

async function seal(account, key, content) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(content));
  return { iv, bytes: await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: inThe(account) }, key, plain) };
}

async function unseal(account, { iv, bytes }) {
  const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: inThe(account) }, await keyOf(account), bytes);
  return JSON.parse(new TextDecoder().decode(plain));
}

// ---- Entries ----

/**
 * Writes an entry and removes the draft that it came from. Rejects (QuotaExceededError and others) when nothing was written.
 * @param {string} account @param {Content} content @param {string} [draft] the form's name
 * @returns {Promise<number>} its seq
 */
export async function addEntry(account, content, draft) {
  const key = await keyOf(account);
  const sealed = await seal(account, key, content);
  const { trajectory } = content.decision;
  const created_at = new Date().toISOString();
  const entry = { v: ENTRY, account, trajectory, created_at, tries: 0, state: 'waiting', problem: null, mended: false, sealed };
  return transaction(['entries', 'drafts', 'keys'], 'readwrite', (entries, drafts, keys) => {
    // A sign-out in another tab may have removed the key in between: with the entry it comes back.
    keys.put({ account, key });
    if (draft) drafts.delete(draftKey(account, draft));
    return entries.add(entry);
  });
}

/** In the order in which they were made. @param {string} account @returns {Promise<Entry[]>} */
export const entriesOf = (account) => transaction(['entries'], 'readonly', (entries) => entries.index('account').getAll(account));

/** How many entries there are, of all accounts. @returns {Promise<number>} */
export const countEntries = () => transaction(['entries'], 'readonly', (entries) => entries.count());

/**
 * What is in an entry, or undefined when it cannot be read here: then it is kept, never sent.
 * @param {Entry} entry @returns {Promise<Content | undefined>}
 */
export async function contentOf(entry) {
  return entry.v > ENTRY ? undefined : unseal(entry.account, entry.sealed).catch(() => undefined);
}

/**
 * Changes an entry in one transaction: `change` gets it as it is now and answers it changed, or undefined to leave it.
 * @param {number} seq @param {(entry: Entry) => Entry | undefined} change @param {string} [draft] key of a draft that goes when the entry is changed
 * @returns {Promise<boolean>} was it changed
 */
export async function changeEntry(seq, change, draft) {
  let changed = false;
  await transaction(['entries', 'drafts'], 'readwrite', (entries, drafts) => {
    entries.get(seq).onsuccess = ({ target }) => {
      const next = target.result && change(target.result);
      if (next) entries.put(next);
      if (next && draft) drafts.delete(draft);
      changed = Boolean(next);
    };
  });
  return changed;
}

/**
 * A refused entry gets other content and waits again; false when it was not refused (any more).
 * @param {string} account @param {number} seq @param {Content} content @param {string} [draft]
 */
export async function mendEntry(account, seq, content, draft) {
  const sealed = await seal(account, await keyOf(account), content);
  const { trajectory } = content.decision;
  const mended = { trajectory, sealed, state: /** @type {const} */ ('waiting'), problem: null, mended: true };
  const change = (entry) => (entry.account === account && entry.state === 'refused' ? { ...entry, ...mended } : undefined);
  return changeEntry(seq, change, draft && draftKey(account, draft));
}

/** Removes an entry when `may` says so of it as it is now. @param {number} seq @param {(entry: Entry) => boolean} may */
export async function removeEntry(seq, may = () => true) {
  let removed = false;
  await transaction(['entries'], 'readwrite', (entries) => {
    entries.get(seq).onsuccess = ({ target }) => {
      removed = Boolean(target.result && may(target.result));
      if (removed) entries.delete(seq);
    };
  });
  return removed;
}

// ---- Drafts ----

let closed = false;
/** After a sign-out this page keeps no drafts any more. */
export const close = () => { closed = true; };
export const isClosed = () => closed;

const draftKey = (account, form) => JSON.stringify([account, form]);

/** @param {string} account @param {string} form @param {import('./events.js').Values} values */
export async function saveDraft(account, form, values) {
  const sealed = await seal(account, await keyOf(account), values);
  await transaction(['drafts'], 'readwrite', (drafts) => drafts.put({ key: draftKey(account, form), v: DRAFT, sealed }));
}

/** The values of a draft, or undefined: there is none, or it is of another version. @param {string} account @param {string} form */
export async function readDraft(account, form) {
  const draft = await transaction(['drafts'], 'readonly', (drafts) => drafts.get(draftKey(account, form)));
  return draft?.v === DRAFT ? unseal(account, draft.sealed).catch(() => undefined) : undefined;
}

/** @param {string} account @param {string} form */
export const removeDraft = (account, form) => transaction(['drafts'], 'readwrite', (drafts) => drafts.delete(draftKey(account, form)));

/** Whether anything of the account is not finished. @param {string} account */
export async function hasDrafts(account) {
  const keys = await transaction(['drafts'], 'readonly', (drafts) => drafts.getAllKeys());
  return keys.some((key) => JSON.parse(key)[0] === account);
}

/** For a sign-out: removes all drafts, and the keys of accounts for which nothing waits. Entries stay. */
export async function wipeDrafts() {
  await transaction(['entries', 'drafts', 'keys'], 'readwrite', (entries, drafts, keys) => {
    drafts.clear();
    keys.getAllKeys().onsuccess = ({ target }) => {
      for (const account of target.result) {
        entries.index('account').count(account).onsuccess = (counted) => counted.target.result || keys.delete(account);
      }
    };
  });
}

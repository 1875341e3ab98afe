// How the file of the vault is called; apart, so that a page can erase it without loading what writes it.

export const EPOCH_FILE = 'kith-epoch'

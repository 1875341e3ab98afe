// How the file is called that lies beside the databases; apart, so that a page can erase it without loading what writes it.

export const GROUND_FILE = 'kith-ground'

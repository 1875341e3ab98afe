// Photos and files, loaded when there are any (package export `@kith/protocol/attachments`).

export { openFileDesk } from './desk.ts'

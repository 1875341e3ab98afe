// The door for relays: what they judge of handles. Devices load it later, so it stands apart from the package's first door.

export * from './claim.ts'
export * from './handle.ts'
export * from './work.ts'

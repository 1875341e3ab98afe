// Every bound of the protocol, named with its unit (docs/protocol.md §9). A test crosses each one.

// Log
export const HEADER_BYTES_MAX = 1_536
export const BODY_BYTES_MAX = 65_536
/** Plaintext is padded to one of these sizes before sealing; anything larger is an attachment. */
export const BODY_BUCKETS = [256, 1_024, 4_096, 16_384] as const
export const DEPS_MAX = 16
/** A run of entries ends in a signature at least this often. */
export const RUN_ENTRIES_MAX = 64
export const RUN_BYTES_MAX = 262_144
export const PARKED_ENTRIES_PER_PEER_MAX = 1_000
export const PARKED_BYTES_PER_PEER_MAX = 8 * 1_048_576
export const PARKED_BYTES_MAX = 64 * 1_048_576
export const PARKED_MS_MAX = 7 * 86_400_000
export const SEQ_MAX = 0xffff_ffff
/** Advisory times beyond this (2100-01-01 UTC) are treated as this. */
export const TIME_MS_MAX = 4_102_444_800_000

// Content
export const TEXT_BYTES_MAX = 15_000
export const NAME_BYTES_MAX = 128
export const DOCUMENT_UPDATE_BYTES_MAX = 15_000
export const DOCUMENT_NESTING_MAX = 32
export const RECEIPT_FEEDS_MAX = 32

// Identity
export const DEVICES_PER_ACCOUNT_MAX = 10
export const REVOKED_DEVICES_MAX = 64

// Sessions
export const SKIPPED_KEYS_PER_CHAIN_MAX = 1_000
export const SKIPPED_KEYS_PER_PAIR_MAX = 2_000
export const FORWARD_JUMP_MAX = 2_000
export const OLD_RATCHET_CHAINS_MAX = 5
export const SESSIONS_PER_PAIR_MAX = 5
export const SESSION_MS_MAX = 7 * 86_400_000
export const SESSION_MESSAGES_MAX = 1_000
export const UNANSWERED_SESSION_MS_MAX = 30 * 86_400_000
export const PREKEY_ROTATION_MS = 7 * 86_400_000
export const OLD_PREKEYS_KEPT = 2
export const ONE_TIME_PREKEYS = 50
export const ENVELOPE_BYTES_MAX = 16_384
/** Device lists and first messages of sessions that one mailbox or link may have judged in a minute. */
export const COSTLY_PER_MINUTE_MAX = 16

// Sender chains
export const CHAIN_MESSAGES_MAX = 100
export const CHAIN_MS_MAX = 7 * 86_400_000
export const CHAINS_PER_DEVICE_MAX = 5

// Frames, mailboxes, records
/** Entries of one device that are stored in a day. Nobody who writes by hand comes near it. */
export const TAKEN_BYTES_PER_DAY_MAX = 64 * 1_048_576
export const FRAME_BYTES_MAX = 131_072
/** Deposits are padded to one of these sizes (before the 40 bytes of nonce and tag). */
export const BLOB_BUCKETS = [1_024, 4_096, 16_384, 65_536] as const
export const BLOB_BYTES_MAX = 65_576
export const RECORD_BYTES_MAX = 65_576
export const INVITE_MS_MAX = 14 * 86_400_000
export const CONVERSATIONS_PER_HELLO_MAX = 1_000
export const FEEDS_PER_CONVERSATION_MAX = 1_000
export const ENTRIES_PER_FRAME_MAX = 1_024
/** Questions after entries that do not come, over a day and a half; whatever shows anew that they exist begins anew. */
export const ASKS_MAX = 32
export const RELAY_FRAME_BYTES_MAX = 131_072
export const MAILBOXES_PER_REQUEST_MAX = 256

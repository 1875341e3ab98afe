// Every bound of the relay, named with its unit. A test crosses each one. Bounds of the wire grammar are in @kith/protocol.

// Mailboxes
export const MAILBOX_BLOBS_MAX = 1_000
export const MAILBOX_BYTES_MAX = 16 * 1_048_576
export const BLOB_MS_MAX = 30 * 86_400_000
/** A mailbox that its owner has not opened for this long is forgotten. The owner may create it again with the same keys. */
export const MAILBOX_IDLE_MS_MAX = 400 * 86_400_000
/** The day on which a mailbox was last opened is written at most this often, so that reconnecting costs no disk writes. */
export const OPENED_GRAIN_MS = 86_400_000

// Parcels of files
/** Of one mailbox: 66 MB, apart from its blobs. */
export const MAILBOX_PARCELS_MAX = 1_024
/** Percent of the store that parcels may take in all: files that lie there leave room for messages. */
export const PARCELS_PERCENT_MAX = 50

// What is held back until a date
/** Of one mailbox, apart from its blobs: 68 kB. */
export const MAILBOX_HELD_MAX = 64
/** Looked at this often, and as many at once, ms. */
export const RELEASE_MS = 2_000
export const RELEASE_ROWS_MAX = 512
/** Where several relays share a store, which is asked in many places: this often, ms. */
export const RELEASE_SHARED_MS = 10_000

// Records and prekeys
/** A record is kept until its expiry, and never longer than this after it was put. */
export const RECORD_MS_MAX = 400 * 86_400_000
export const RECORDS_PER_OWNER_MAX = 256
/** Prekeys that nobody renewed for this long are forgotten. Devices renew them every week. */
export const PREKEYS_MS_MAX = 180 * 86_400_000
/** When more one-time prekeys are waiting, the oldest go. */
export const ONE_TIME_PREKEYS_KEPT_MAX = 100

// Handles
/** From when a handle was given up, or was over, until somebody else may have it. */
export const HANDLE_WAIT_MS = 30 * 86_400_000
/** Handles of an account, of which it uses one, and has given up the others or let them lapse in that time. */
export const HANDLES_PER_ACCOUNT_MAX = 3
/** First words that wait for the owner of a handle. */
export const HELLOS_WAITING_MAX = 32

// One connection's stream
export const RELAY_VERSION = 1
export const CALLS_IN_FLIGHT_MAX = 128
/** Calls that have no answer yet, those that will be refused included. Whoever sends more loses the stream: even refusals take time. */
export const CALLS_WAITING_MAX = 512
export const MAILBOXES_PER_STREAM_MAX = 2_048
/** How long a refused device should wait when no bucket tells better. */
export const BUSY_RETRY_MS = 1_000
export const DISK_RETRY_MS = 10_000

/** So many at once; then one more after each `refillMs`. */
export type Rate = { readonly burst: number; readonly refillMs: number }
export const CALL_RATE: Rate = { burst: 8_000, refillMs: 0.5 }
/** Bytes of blobs and of their rows, for each mailbox anew. The costliest call that fits into a frame is within the burst. */
export const DEPOSIT_BYTES_RATE: Rate = { burst: 32 * 1_048_576, refillMs: 1 / 8_192 }
/** Blobs that are acknowledged, and the mailboxes that they are named with. */
export const ACKNOWLEDGE_RATE: Rate = { burst: 65_536, refillMs: 1 / 16 }
/** Bytes of parcels, and of their rows in each mailbox: 256 for one. Beside that of deposits, so that no message waits because of a file. */
export const PARCEL_PUT_RATE: Rate = { burst: 16_672_768, refillMs: 1 / 4_096 }
/** Parcels that are asked for, whether they are there or not: 4 MB a second. */
export const PARCEL_GET_RATE: Rate = { burst: 512, refillMs: 16 }
/** Parcels that are dropped. */
export const PARCEL_DROP_RATE: Rate = { burst: 4_096, refillMs: 4 }
export const PROOF_RATE: Rate = { burst: 4_608, refillMs: 20 }
export const CREATE_RATE: Rate = { burst: 256, refillMs: 2_000 }
export const RECORD_PUT_RATE: Rate = { burst: 128, refillMs: 1_000 }
export const RECORD_GET_RATE: Rate = { burst: 512, refillMs: 250 }
/** Registering, withdrawing and trying out, which writes to as many mailboxes as a stream has. */
export const PUSH_REGISTER_RATE: Rate = { burst: 16, refillMs: 15_000 }
export const PREKEY_TAKE_RATE: Rate = { burst: 64, refillMs: 10_000 }
export const HANDLE_CLAIM_RATE: Rate = { burst: 8, refillMs: 60_000 }
/** Handles that are looked up. */
export const HANDLE_FIND_RATE: Rate = { burst: 32, refillMs: 2_000 }
/** As so many looked up counts whoever asks for those that begin alike. */
export const HANDLES_SOUGHT_COST = 4
export const HELLO_RATE: Rate = { burst: 8, refillMs: 30_000 }
/** Calls that one stream may make although it was told to wait. Then it is over. */
export const REFUSAL_RATE: Rate = { burst: 512, refillMs: 100 }
/** Of all connections together: checking the keys of a new mailbox takes some milliseconds. */
export const RELAY_CREATE_RATE: Rate = { burst: 4_096, refillMs: 10 }

// One address: an IPv4 address, or the /64 of an IPv6 address, which is what one household has. Many devices may share it.
/** Unless the operator says otherwise (KITH_MAX_PER_ADDRESS): a tenth of the room. */
export const ADDRESS_CONNECTIONS_MAX = 512
/** Sockets beside those connections: for the page, and those that have not said what they are. */
export const ADDRESS_PAGE_SOCKETS_MAX = 256
export const ADDRESS_RETRY_MS = 30_000
/** Handshakes that an address may begin in a minute for each connection that it may have, and at least. */
export const ADDRESS_ARRIVALS_PER_PLACE_MAX = 2
export const ADDRESS_ARRIVALS_PER_MINUTE_MIN = 120
/** Between two handshakes of an address while there are others: as long as one with what follows takes. Whoever would wait for longer than the other is told to come later. */
export const ARRIVAL_REST_MS = 10
export const ARRIVAL_WAIT_MS_MAX = 5_000
/** Mailboxes and records, unless the operator says otherwise (KITH_CREATES_PER_MINUTE): a tenth of what all may create. */
export const ADDRESS_CREATES_PER_MINUTE_MAX = 600
/** Handles that are claimed, looked up, and first words that are left. */
export const ADDRESS_HANDLES_RATE: Rate = { burst: 16, refillMs: 600_000 }
export const ADDRESS_FINDS_RATE: Rate = { burst: 128, refillMs: 1_000 }
export const ADDRESS_HELLOS_RATE: Rate = { burst: 32, refillMs: 10_000 }
/** Percent of the store that may wait from one address, unless the operator says otherwise (KITH_ADDRESS_SHARE): a tenth. */
export const ADDRESS_SHARE_PERCENT_MAX = 10
/** When it has used that up. Room comes back when what it brought is fetched. */
export const SHARE_RETRY_MS = 60_000
/** Mailboxes and records for which is remembered whose they fill; one more, and the one that was quiet for longest counts for nobody. */
export const SHARES_REMEMBERED_MAX = 200_000
/** What a blob or record takes in the store: rows and indexes, and whole pages of the database for its bytes. */
export const ITEM_ROW_BYTES = 512
export const ITEM_PAGE_BYTES = 4_096
/** When more addresses create something, the one that has been quiet for longest starts anew. */
export const ADDRESSES_REMEMBERED_MAX = 10_000

// Turns
/** Calls under way at once, whoever made them, and bytes of blobs that they bring: enough for one commit, and few to wait for. The others wait for their turn, address by address. */
export const TURNS_MAX = 512
export const TURNS_UNDER_WAY_BYTES_MAX = 4 * 1_048_576
/** Of these, of one address while there are others: they wait for all that is under way. */
export const TURNS_ADDRESS_UNDER_WAY_BYTES_MAX = 131_072
/** A mailbox that is created counts as so many bytes: its keys take some milliseconds to check, in which nobody else is served. */
export const CREATE_TURN_BYTES = 32_768
/** Bytes of blobs that wait for their turn, of one address and in all. */
export const TURNS_ADDRESS_BYTES_MAX = 16 * 1_048_576
export const TURNS_BYTES_MAX = 64 * 1_048_576

// Storage
/** Writes that arrive within this time share one commit. */
export const GROUP_COMMIT_MS = 3
export const GROUP_COMMIT_WRITES_MAX = 512
/** Writes and reads that wait for the storage thread, in all. */
export const STORAGE_CALLS_MAX = 20_000
export const STORAGE_QUEUE_BYTES_MAX = 64 * 1_048_576
/** Kept on the disk for the day on which it is full: as much as SQLite writes before it tidies up. */
export const RESERVE_BYTES = 4 * 1_048_576
export const SWEEP_MS = 600_000
export const SWEEP_ROWS_MAX = 500
/** How often is looked whether the clock was set, and by how much it must be for that to count. */
export const CLOCK_CHECK_MS = 60_000
export const CLOCK_STEP_MS_MIN = 60_000
/** After a clock was set, nothing is forgotten for this long. */
export const CLOCK_DISTRUST_MS = 86_400_000
/** So does a start so long after the relay last ran, by the clock: it may have rested, or the clock is wrong. A night is no reason. */
export const CLOCK_GAP_MS_MAX = 86_400_000
/** A relay that does not know when it last ran, and to which nothing was brought for longer, may as well have a wrong clock. */
export const QUIET_MS_MAX = 14 * 86_400_000

// Redis or Valkey
/** What moves from one server of a cluster to another together. Never to be changed while anything is stored. */
export const REDIS_BUCKETS = 1_024
/** For a server to answer, or to take a connection. */
export const REDIS_ANSWER_MS_MAX = 5_000
/** Bytes of writes that go to a server together. */
export const REDIS_GROUP_BYTES_MAX = 4 * 1_048_576
/** For replicas to say that they have a group of writes. */
export const REDIS_REPLICAS_MS_MAX = 1_000
/** While servers fail over, calls wait for so long before they are refused, and ask every so often. */
export const REDIS_PATIENCE_MS_MAX = 10_000
export const REDIS_RETRY_MS = 200
/** One claim of a handle keeps the account's others out for so long at most: longer than its calls may take together. */
export const HANDLE_CLAIM_MS_MAX = 60_000

// Streams and connections
/** Bytes of calls of one stream that have no answer yet. With more, nothing is read from it until there is room. */
export const STREAM_CALLS_BYTES_MAX = 524_288
/** What may be on its way on one stream before the relay has read any of it. */
export const STREAM_WINDOW_BYTES_MAX = 1_048_576
/** Unsent bytes of one stream; a device that does not read loses the stream, nobody else notices. */
export const STREAM_QUEUE_BYTES_MAX = 8 * 1_048_576
/** The same over all streams of the relay. One more, and those go that have not read for longest. */
export const UNSENT_BYTES_MAX = 256 * 1_048_576
/** Pieces of an unfinished frame that wait as they came; one more, and they become one. */
export const FRAME_PIECES_MAX = 256
/** From the first byte of a frame to its last. */
export const FRAME_MS_MAX = 30_000
/** Time for the last answer to leave before a stream at fault is reset. */
export const STREAM_CLOSE_MS = 1_000
export const RELAY_STREAMS_PER_CONNECTION_MAX = 2
export const PENDING_CONNECTIONS_MAX = 2_000
export const UPGRADE_MS_MAX = 30_000
/** How often is looked who is silent; so often without a byte, and a device is asked whether it is there; so often, and its connection ends. */
export const SILENCE_CHECK_MS = 12_000
export const SILENT_CHECKS_MIN = 3
export const SILENT_CHECKS_MAX = 10
/** Circuits: a reservation ends with its connection, or when nobody has renewed it for this long. */
export const RESERVATION_MS = 30 * 60_000
export const HOP_STREAMS_PER_CONNECTION_MAX = 64
/** One WebSocket message. Noise frames are at most 64 KiB; the rest is for merged writes. */
export const SOCKET_MESSAGE_BYTES_MAX = 1_048_576

/** Sent to one device within a moment: as much leaves together. */
export const SOCKET_GATHERED_BYTES_MAX = 65_536

/** For how long the sockets of an address rest that took as long to read, while there are others. Shorter rests are added up; of longer ones the rest is forgiven. */
export const READ_REST_MS_MIN = 3
export const READ_REST_MS_MAX = 50

// HTTP
export const HTTP_HEAD_BYTES_MAX = 16_384
export const HTTP_HEAD_MS_MAX = 10_000
export const HTTP_IDLE_MS_MAX = 30_000
export const HTTP_CHECK_MS = 5_000
export const PAGE_FILE_BYTES_MAX = 32 * 1_048_576
export const PAGE_FILES_CACHED_MAX = 512
export const STOP_MS_MAX = 5_000

// TURN
/** How long credentials are good for. */
export const TURN_SECONDS = 3_600
export const TURN_RATE: Rate = { burst: 8, refillMs: 60_000 }
export const TURN_SECRET_CHARS_MIN = 16

// Web Push
/** As large as a push service must take (RFC 8291 §4). */
export const PUSH_RECORD_BYTES = 4_096
/** A device is woken at most this often. */
export const PUSH_EVERY_MS = 60_000
/** And so often, after so many at once. */
export const PUSH_RATE: Rate = { burst: 12, refillMs: 300_000 }
/** What comes meanwhile is looked at together. A device that listens elsewhere has fetched it by then. */
export const PUSH_GATHER_MS = 2_000
/** A device that has acknowledged nothing for so long, although something was pushed to it, sleeps with its connection open. */
export const PUSH_UNREAD_MS = 30_000
/** Mailboxes that are looked at together. */
export const PUSH_MAILBOXES_MAX = 20_000
/** How long a push service keeps it. */
export const PUSH_TTL_S = 86_400
/** After a first failure; four times as long after each of the next. */
export const PUSH_RETRY_MS = 5_000
export const PUSH_RETRIES_MAX = 5
/** For a push service to answer. */
export const PUSH_ANSWER_MS_MAX = 10_000
/** Longer than that no push is put off, whatever a service says. */
export const PUSH_RETRY_MS_MAX = 6 * 3_600_000
export const PUSHES_UNDER_WAY_MAX = 32
/** Devices for which a push waits, is under way, or was sent within the last while. */
export const PUSHES_WAITING_MAX = 20_000
/** Of those, how many wait for a service that failed. The other half is for services that work. */
export const PUSHES_RETRIED_MAX = PUSHES_WAITING_MAX / 2
/** A statement of who sends, which may hold for a day (RFC 8292 §2). */
export const VAPID_MS = 12 * 3_600_000

// Operation
export const METRICS_TOKEN_CHARS_MIN = 16
/** What the store holds is counted anew at most this often, however many ask: every mailbox is looked at. */
export const USAGE_MS = 60_000
export const FULLEST_MAILBOXES_MAX = 20
/** Addresses and networks that the operator may block. */
export const BLOCKED_MAX = 10_000
/** Addresses and networks of reverse proxies. */
export const PROXIES_MAX = 256
/** What a command may say to the running relay. */
export const CONTROL_BYTES_MAX = 4_096
/** For what is under way to be answered when the relay is told to stop. */
export const DRAIN_MS_MAX = 2_000

// Starting
/** For the data folder to take and give back a few bytes. A mount that hangs never does. */
export const FOLDER_MS_MAX = 4_000

// What the relay says of itself
/** Whether it can keep something is tried at most this often, however many ask. */
export const HEALTH_MS = 5_000
/** The disk has not answered: that is an answer, too. */
export const HEALTH_MS_MAX = 4_000
/** The same failure is reported at most this often. */
export const REPORT_EVERY_MS = 60_000
/** Failures that are remembered for that. */
export const REPORTS_MAX = 100
/** Relays on the list of a page, this one included: of more a page reads none. */
export const RELAYS_LISTED_MAX = 32

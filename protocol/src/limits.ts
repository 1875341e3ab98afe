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
/** Kith is younger than this (2024-01-01 UTC): a clock that says otherwise was never set. */
export const TIME_MS_MIN = 1_704_067_200_000

// Content
export const TEXT_BYTES_MAX = 15_000
export const NAME_BYTES_MAX = 128
/** The longest emoji of today takes 35: two people, two skin tones, a heart between them. */
export const EMOJI_BYTES_MAX = 64
/** What is said with photos and files. */
export const CAPTION_BYTES_MAX = 8_000
/** What a poll, checklist or note begins with. */
export const LIVING_BYTES_MAX = 12_000
/** What is to be read at a date, sealed with that date under a key of its own. */
export const SCHEDULED_BYTES_MAX = 15_100
/** The furthest date of a message, after now, ms: somewhat less than relays hold it. */
export const SCHEDULED_MS_MAX = 365 * 86_400_000
/** Messages of one chat that wait on one device for their dates. */
export const SCHEDULED_PER_CHAT_MAX = 32
/** Keys of one device that came before what they open, and how long each is kept for it, ms. */
export const SCHEDULED_KEYS_KEPT_MAX = 64
export const SCHEDULED_KEY_MS_MAX = 60 * 86_400_000
/** A relay that refuses to hold a key is waited for no longer than this, whatever it says, ms. */
export const SCHEDULED_TOLD_MS_MAX = 3_600_000
export const ATTACHMENTS_PER_MESSAGE_MAX = 10
export const FILE_NAME_BYTES_MAX = 255
/** A chunk before it is sealed: with its proof it fits a blob. */
export const CHUNK_BYTES = 64_000
export const CHUNKS_PER_ATTACHMENT_MAX = 131_072
export const TREE_DEPTH_MAX = 17
/** 8.4 GB. */
export const ATTACHMENT_BYTES_MAX = CHUNKS_PER_ATTACHMENT_MAX * CHUNK_BYTES
export const PHOTO_BYTES_MAX = 8 * 1_048_576
/** Pixels. Kith makes none longer than 2,048; both sides of this size take 64 MB of memory to draw. */
export const PHOTO_SIDE_MAX = 4_096
export const THUMBHASH_BYTES_MIN = 5
export const THUMBHASH_BYTES_MAX = 32
/** Of a voice note, ms: half an hour, which as speech has 7 MB. */
export const VOICE_MS_MAX = 1_800_000
export const VOICE_BYTES_MAX = 16 * 1_048_576
/** How loud a voice note is from beginning to end, in so many steps of equal length, a byte each. */
export const WAVEFORM_BYTES_MAX = 64
/** Of one that is being recorded: what is kept at once, and how often. Once a second for all of the half hour, and some to spare. */
export const VOICE_PART_BYTES_MAX = 1_048_576
export const VOICE_PARTS_MAX = 4_000
/** Of the ref under which a voice note is to be sent. */
export const VOICE_REF_BYTES_MAX = 64
/** Pixels. */
export const VIDEO_SIDE_MAX = 8_192
/** A day. */
export const VIDEO_MS_MAX = 86_400_000
export const DOCUMENT_UPDATE_BYTES_MAX = 15_000
export const DOCUMENT_NESTING_MAX = 32
/** An act of a group, and the card of a device in one. Either fits an entry, and is handed on opened. */
export const ACT_BYTES_MAX = 12_000
export const CARD_BYTES_MAX = 12_000
/** What one's own devices say to each other in one entry. */
export const CIRCLE_SAID_BYTES_MAX = 15_000
/** Entries that a receipt names one by one because they cannot be read, or can be read now after all; and those of all receipts together. */
export const RECEIPT_UNREADABLE_MAX = 32
export const UNREADABLE_HEARD_MAX = 1_000
/** Branches of a feed that a receipt names, as many as are kept. */
export const RECEIPT_TIPS_MAX = 8
/** Receipts that go together, each of another conversation. */
export const RECEIPTS_PER_FRAME_MAX = 128
/** With more devices than these in a conversation, an author hears from each reader once in so long, ms. */
export const RECEIPTS_AT_ONCE_DEVICES_MAX = 8
export const RECEIPTS_MS = 30_000
/** How often in a minute one device is told again what it does not seem to have heard. */
export const RECEIPTS_AGAIN_PER_MINUTE_MAX = 60

// Identity
export const DEVICES_PER_ACCOUNT_MAX = 10
export const REVOKED_DEVICES_MAX = 64
export const SIGNED_DEVICE_LIST_BYTES_MAX = 8_192
/** A device list is signed anew when it is this old, ms; and nobody is written to by one that is older than this, ms. */
export const LIST_RENEWED_MS = 30 * 86_400_000
export const LIST_MS_MAX = 120 * 86_400_000
/** Own device lists that are kept, the newest: five years of them where nothing but their age changes. Others may still begin sessions by those. */
export const OWN_LISTS_KEPT_MAX = 64
/** Accounts of which it is kept that two of their device lists contradict each other, how many devices are told of one, and how many in one step. */
export const ALARMS_KEPT_MAX = 64
export const ALARM_TOLD_MAX = 16
export const ALARMS_TOLD_AT_ONCE_MAX = 4
/** How long the code for a new device can be used, ms. */
export const LINK_CODE_MS_MAX = 600_000
/** Device lists that a new device, or one that has missed some, is handed at once, the newest; and what a new device is handed in all. */
export const LISTS_HANDED_MAX = 4
export const HANDOVER_BYTES_MAX = 48_000
/** A relay that does not take what tells a revoked device so is asked so often: whoever is told nothing finds that nobody answers. */
export const REVOKED_TOLD_TIMES_MAX = 60
/** Devices of a pair that a new own device is told of, those of before included; and grants that one word of it holds. */
export const SHARED_FEEDS_MAX = 48
export const REACHED_PER_WORD_MAX = 24
/** Device lists that one device of a contact, or an own one, has judged in a minute; and contacts' devices that are told of a new own list in one step. */
export const LISTS_JUDGED_PER_MINUTE_MAX = 16
export const LISTS_TOLD_AT_ONCE_MAX = 32
/** Public keys that verification remembers; a table takes some 150 kB. */
export const KEY_TABLES_MAX = 24
/** Public keys whose admission is remembered. */
export const ADMITTED_KEYS_KEPT = 256

// Sessions
export const SKIPPED_KEYS_PER_CHAIN_MAX = 1_000
export const SKIPPED_KEYS_PER_PAIR_MAX = 2_000
export const FORWARD_JUMP_MAX = 2_000
export const OLD_RATCHET_CHAINS_MAX = 5
export const SESSIONS_PER_PAIR_MAX = 5
export const SESSION_MS_MAX = 7 * 86_400_000
export const SESSION_MESSAGES_MAX = 1_000
/** Where members come and go, chains begin more often than sessions heal: these have this long between them, unless a chain is old or used up. */
export const HEALING_MS = 6 * 3_600_000
/** Of large groups a device answers a key by itself this long after the session was healed; before that with what it has to say. */
export const HEALING_AMONG_MANY_MS = 24 * 3_600_000
/** How often in a minute one device is answered a key by itself. */
export const ANSWERS_PER_MINUTE_MAX = 4
/** A session is kept for reading this long at least, and goes once a newer one begins after that. */
export const OLD_SESSION_MS_MAX = 30 * 86_400_000
export const PREKEY_ROTATION_MS = 7 * 86_400_000
export const OLD_PREKEYS_KEPT = 2
/** Prekeys of a peer are used this long after they were made; it keeps them a little longer. */
export const BUNDLE_MS_MAX = OLD_PREKEYS_KEPT * PREKEY_ROTATION_MS
export const ENVELOPE_BYTES_MAX = 16_384
/** Device lists and first messages of sessions that one mailbox or link may have judged in a minute. */
export const COSTLY_PER_MINUTE_MAX = 16
/** How often in a minute one device is answered that it was restored, in one conversation. */
export const LOST_PER_MINUTE_MAX = 4
/** Places in the store that are looked up in a minute for what one device of a contact sends. */
export const LOOKUPS_PER_MINUTE_MAX = 16_384
/** Steps of session chains that are gone in a minute to find out whether what one mailbox or link brings opens. */
export const STEPS_PER_MINUTE_MAX = 2_000
/** Prekeys that one contact is handed in a minute, whatever it asks for. */
export const PREKEYS_PER_MINUTE_MAX = 2

// Sender chains
/** No chain goes further than this, whoever's it is. */
export const CHAIN_MESSAGES_MAX = 100
/** Where there are others, an own chain is followed by the next after so many entries, or so long. Twice that is how far a copy of a device reads. */
export const CHAIN_RENEWAL_MESSAGES = 50
export const CHAIN_RENEWAL_MS = 12 * 3_600_000
export const CHAINS_PER_DEVICE_MAX = 5
/** Own chains of which a receipt is still to come: what lies under older ones can be handed over opened, and not with its chain. */
export const OWN_CHAINS_MAX = 16
/** Devices that are handed a new chain in one step; the others follow in steps of their own. */
export const HANDED_AT_ONCE_MAX = 64
/** Keys of joint blobs, each handed out with a chain. */
export const BLOB_KEYS_PER_DEVICE_MAX = 16

// Groups
/** Accounts in a group, and those that one command adds. */
export const MEMBERS_MAX = 500
export const ADDED_AT_ONCE_MAX = 64
/** Links of a group whose mailboxes its members open at a time. */
export const LINKS_HEARD_MAX = 4
/** How long a group's link lets people in, and how many, where nobody says less. */
export const GROUP_LINK_MS_MAX = 30 * 86_400_000
/** Devices that answer a request to be let in, and are heard until this account is seen to be a member. */
export const LINK_HOSTS_MAX = 8
/** Groups that this account asks to be let into, or looks at the link of, at a time. */
export const ASKED_GROUPS_MAX = 32
/** Groups that contacts have welcomed this account to, and in which it is not seen to be a member: in all, and by one device. */
export const UNPROVEN_GROUPS_MAX = 64
export const UNPROVEN_GROUPS_OF_ONE_MAX = 8
/** Requests of people who are no contacts that are kept, those that were ignored included: in all, and of members of one group. */
export const REQUESTS_MAX = 64
export const REQUESTS_PER_GROUP_MAX = 16
/** Whoever asked has to wait this long before another request of theirs takes the place of the one that is here, ms. */
export const REQUEST_AGAIN_MS = 3_600_000
/** Accounts that are blocked at a time. */
export const BLOCKED_MAX = 1_000
/** Questions after an entry of a group that came without what opens it; then it is taken as one that cannot be read. */
export const SHUT_ASKS_MAX = 4
/** The same for somebody with several devices, of which another one may have it. */
export const OWN_ASKS_MAX = 8
/** Cards of one device, and device lists that one device hands on, which are judged in a minute in one group: each costs some verifications. */
export const CARDS_PER_DEVICE_AND_MINUTE_MAX = 8
export const LISTS_PER_MINUTE_MAX = 64
/** First states of own chains that are kept for members whose devices have not been met. */
export const KEPT_HANDOUTS_MAX = 64

// Frames, mailboxes, records
/** Entries of one device that are stored in a day, and what its envelopes change here. Nobody who writes by hand comes near it. */
export const TAKEN_BYTES_PER_DAY_MAX = 64 * 1_048_576
/** The same of another device of this person, which hands over its history. */
export const OWN_TAKEN_BYTES_PER_DAY_MAX = 512 * 1_048_576
export const FRAME_BYTES_MAX = 131_072
/** Deposits are padded to one of these sizes (before the 40 bytes of nonce and tag). */
export const BLOB_BUCKETS = [1_024, 4_096, 16_384, 65_536] as const
/** Room for frames in the largest blob. */
export const BLOB_CONTENT_BYTES_MAX = 65_536 - 1
export const BLOB_BYTES_MAX = 65_576
export const FRAMES_PER_BLOB_MAX = 64
export const RECORD_BYTES_MAX = 65_576
/** What the owner of a record leaves when it ends. */
export const RECORD_WORD_BYTES_MAX = 64
/** The address of a device at its browser's push service. */
export const PUSH_ENDPOINT_BYTES_MAX = 1_024
/** Addresses of TURN servers that a relay names, the bytes of each, and those of a username and of a credential. */
export const TURN_URLS_MAX = 3
export const TURN_URL_BYTES_MAX = 255
export const TURN_WORD_BYTES_MAX = 128
export const INVITE_MS_MAX = 14 * 86_400_000
/** An invite that was never shared serves a new chat while this much of its time is left. */
export const REUSED_INVITE_MS_MIN = 86_400_000
/** Characters of an invite link, what stands around it included. */
export const LINK_TEXT_LENGTH_MAX = 65_536
/** Places in a text that look like the beginning of a link, of which one may be a good one. */
export const LINK_MARKS_MAX = 16
/** Characters before the mark of a link within which its page's address begins. */
export const LINK_ORIGIN_LENGTH_MAX = 2_048
/** How often that address may have been percent-encoded. */
export const LINK_ENCODED_TIMES_MAX = 2
export const RELAY_URL_BYTES_MAX = 255
export const CONVERSATIONS_PER_HAVE_MAX = 1_000
export const FEEDS_PER_CONVERSATION_MAX = 1_000
export const ENTRIES_PER_FRAME_MAX = 1_024
/** Opened bodies of a group, and device lists of its people, that go in front of a run of entries. */
export const OPENED_PER_FRAME_MAX = 256
export const LISTS_PER_FRAME_MAX = 64
/** Opened bodies of a group that are kept in memory until their entries have come. */
export const OPENED_POOL_BYTES_MAX = 524_288
/** Device lists in one frame, and entries that go with opened bodies, which are no longer than those: together they fit a blob. */
export const LISTS_BYTES_MAX = 12_288
export const OPENED_RUN_BYTES_MAX = 20_000
/** A history block: what was said before, for an own device on a direct link: its bodies go opened in a frame of their own, so each has a frame to itself. */
export const BLOCK_ENTRIES_MAX = 256
/** In the first block of a chat. */
export const FIRST_BLOCK_ENTRIES = 16
export const BLOCK_BYTES_MAX = 122_000
/** A person has Kith before their eyes, or writes, for so long after the page said so, ms. It says so again before that. */
export const HERE_MS = 45_000
export const TYPING_MS = 6_000
/** Of one device so many words of presence are heard in a minute. */
export const PRESENCE_PER_MINUTE_MAX = 60

/** What an own device is shown of a chat before its history has come: messages, entries of the feeds that prove them, and the bytes of all that. */
export const NEWEST_LINES_MAX = 50
export const NEWEST_ENTRIES_MAX = 256
export const NEWEST_BYTES_MAX = 56_000
/** A device that lacks fewer entries of a chat has them as soon. */
export const NEWEST_LACKING_MIN = 8
/** Entries on a link to an own device that it has not shown to have. */
export const UNDER_WAY_ENTRIES_MAX = 2_048
/** Questions after entries that do not come, over a day and a half; whatever shows anew that they exist begins anew. */
export const ASKS_MAX = 32
/** The account document on its way to another own device: bytes of one part, and parts. */
export const ACCOUNT_PART_BYTES_MAX = 48_000
export const ACCOUNT_PARTS_MAX = 200
/** What of the account document an own device has, as Yjs counts it. */
export const ACCOUNT_VECTOR_BYTES_MAX = 1_024
/** Other own devices hear of a change this long after the last one, or after the first of several that never pause, ms. */
export const ACCOUNT_PAUSE_MS = 3_000
export const ACCOUNT_PAUSE_MS_MAX = 15_000
export const RELAY_FRAME_BYTES_MAX = 131_072
export const MAILBOXES_PER_REQUEST_MAX = 256
export const DEPOSITS_PER_REQUEST_MAX = 128
/** Mailboxes for which one blob is deposited at once. */
export const MAILBOXES_PER_DEPOSIT_MAX = 256
/** Waiting blobs whose place one takes. Those of a bucket that fill the next one are fewer. */
export const GATHERED_BLOBS_MAX = 16
/** Blobs of one device that are remembered as waiting, and may be put together. */
export const WAITING_BLOBS_MAX = 64
/** Own entries that are put together in one blob at most: beside them there is room for what else goes with them. In a group that is more. */
export const GATHERED_BYTES_MAX = 56_000
export const GROUP_GATHERED_BYTES_MAX = 20_000
/** Steps from one answer to what the relay signed for many: 1,024 answers to a signature. */
export const PROOF_STEPS_MAX = 10
/** Up to so many mailboxes a message is sealed and deposited for each by itself; above that once for all (docs/decisions/0027). */
export const ONE_BY_ONE_MAILBOXES_MAX = 8
export const BLOBS_PER_PUSH_MAX = 256
export const ACKNOWLEDGE_BLOBS_MAX = 1_000
/** Pushed blobs of one stream that are not acknowledged; and their bytes, beyond which no further blob is pushed. */
export const RELAY_PUSH_WINDOW = 512
export const RELAY_PUSH_BYTES_WINDOW = 1_048_576
export const ONE_TIME_PREKEYS_PER_PUT_MAX = 50
export const PREKEY_REUSABLE_BYTES_MAX = 4_096
export const PREKEY_ONE_TIME_BYTES_MAX = 2_048

// What a device takes on
/** Frames or blobs of one device or relay that wait to be read. A relay that keeps to its push window stays far below. */
export const UNREAD_BYTES_MAX = 16 * 1_048_576
/** Blobs that wait in one mailbox, and in all, for what they need. */
export const HELD_BLOBS_MAX = 8
export const HELD_BLOBS_TOTAL_MAX = 32
/** Messages whose time is over that go in one step. */
export const EXPIRED_AT_ONCE_MAX = 64
/** Signatures of unread entries that are given to the platform's verifier before their turn. */
export const AHEAD_SIGNATURES_MAX = 512
/** Of a frame with more entries none is: it has few signatures for its length, and its headers would be forgotten, and read again, by its turn. */
export const AHEAD_ENTRIES_MAX = 16
/** Inputs that share one transaction. */
export const BATCH_INPUTS_MAX = 64
/** Deposits for one device that are under way at the same time, each of another conversation. */
export const DEPOSITS_PER_DEVICE_MAX = 2
/** Calls with deposits that are under way at one relay; what is due meanwhile waits, and goes together. */
export const DEPOSIT_CALLS_MAX = 2
/** Envelopes that go with the entries of one run. */
export const ENVELOPES_PER_RUN_MAX = 16
/** Envelopes among them that ride with entries which may be there already, and those that are kept for one peer. */
export const RIDING_PER_RUN_MAX = 4
export const RIDING_ENVELOPES_MAX = 32
/** Entries of one feed, or bodies of one kind, that are read from the store at once. */
export const ROWS_PER_READ_MAX = 256
/** Devices that one carry file is for: those of one person. */
export const CARRY_DEVICES_MAX = 10
/** Of a carry file, what a page hands over at once, and about what it is handed. */
export const CARRY_PART_BYTES_MAX = 1_048_576
export const CARRY_PART_BYTES = 262_144
/** Carry files that are being made or opened; the one that was begun first gives way. */
export const CARRIES_AT_ONCE_MAX = 4
/** A larger body of an entry lies apart from the entry's row. */
export const BODY_IN_ROW_BYTES_MAX = 512
/** Entries kept at hand after they were stored, of all feeds; then they are read again. */
export const FRESH_ENTRIES_KEPT = 256
/** Keys of single bodies that one conversation keeps, and those in one envelope. */
export const BODY_KEYS_MAX = 256
export const KEYS_PER_ENVELOPE_MAX = 60
/** Bytes for entries in an invite packet; the rest of the largest bucket is for keys and the device list. */
export const PACKET_ENTRIES_BYTES_MAX = 48_000
/** Mailboxes that a device opens or binds with one request. */
export const PROOFS_PER_REQUEST_MAX = 64
/** Messages that are sent on at once, and chats that they go to. */
export const FORWARDED_MAX = 100
export const FORWARD_CHATS_MAX = 20
/** Starred messages that are read for a screen at once, and how much of each is shown there, UTF-16 units. */
export const STARS_READ_MAX = 100
export const STAR_TEXT_LENGTH_MAX = 300
/** Before a relay that did not take it is told again where this device is woken. */
export const PUSH_AGAIN_MS = 60_000
/** How long opening a link waits for a relay that is not connected yet. */
export const RELAY_WAIT_MS_MAX = 12_000
/** Further relays, of those that the page names, at which a link is looked for where its own does not answer. */
export const LINK_RELAYS_MAX = 32
/** However short or long a relay says that it wants to be left alone: a deposit waits at least this long, and no duty longer than that. */
export const REFUSED_RETRY_MS_MIN = 1_000
export const RETRY_ASKED_MS_MAX = 600_000
/** A contact's relay that has been silent for so long, while another one answers, is left for its second one. */
export const SILENT_MS = 2_000
/** And it is returned to when it has been there again for so long, up to twice that, from device to device. */
export const RETURN_MS = 300_000
/** Contacts that are written to at their other relay from one second to the next. */
export const TURNS_AT_ONCE_MAX = 64
/** Whoever asks to be let into a group asks at the next relay after this long, and after twice as long each time that all were asked, so often at most. */
export const ASK_RELAY_MS = 5_000
export const ASK_RELAY_TIMES_MAX = 8
/** An own relay that has been silent for so long, up to twice that, is left for the next one that the page names. */
export const LEAVE_RELAY_MS = 600_000
/** Contacts that are told of another relay from one second to the next, and how often it is looked for those who are to be, ms. */
export const MOVES_AT_ONCE_MAX = 8
export const MOVES_MS = 10_000
/** After a stream to a relay began, mailboxes that lie there a second time are opened so much later, ms. */
export const SECOND_PAUSE_MS = 1_000
/** Contacts that are away and tried at one time, those next who were not for longest. */
export const DIALS_AT_ONCE_MAX = 8
/** Messages that a window of a conversation holds, and rows that are read at once to find one by its entry. */
export const WINDOW_ROWS_MAX = 1_000
/** Chats that a page is shown before it asks for all of them: more than a screen holds. */
export const FIRST_CHATS_MAX = 64

/** Memory that an encoding leaves for the next one; what a longer one took is given back. */
export const WRITER_BYTES_KEPT = 131_072

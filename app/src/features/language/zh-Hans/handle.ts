// 简体中文：关于用户名的文字。later.ts 的一部分。

import type { LaterOf } from '../catalogue.ts'

export const handle: LaterOf<'zh-Hans'>['handle'] = {
  title: '你的用户名',
  note: '让此中继上的人能找到你',
  lead: '此中继上知道你用户名的人可以向你发一次请求。中继会知道这个用户名属于你。请求只会到达这台设备。',
  claim: '使用此用户名',
  listed: '可按开头找到',
  listedNote: '陌生人也能因此浏览用户名',
  free: '放弃',
  freeTitle: '放弃这个用户名？',
  freeLead: '之后不会再有人通过它找到你。30 天内别人不能使用，此后任何人都可以。你的聊天会保留。',
  keep: '保留',
  find: '按用户名查找',
  helloNote: '对方会看到你写的内容作为请求，并决定是否回应。用户名不能证明对方是谁。',
  way: '通过你的用户名找到你，{time}。尚未比对。',
  refused: {
    malformed: '用户名有 3 到 24 个字符：a 到 z、数字，中间可用单个 . _ -',
    taken: '此用户名或相似的用户名已被占用。',
    full: '你在另一台设备上有用户名，或最近放弃了太多。',
    'too-many': '短时间内次数过多。请过几分钟再试。',
    unknown: '这里找不到这样的人。',
    'relay-away': '现在无法连接中继。请稍后再试。',
    'not-genuine': '中继的回答没有其所有者的签名，因此 Kith 不会使用。',
  },
}

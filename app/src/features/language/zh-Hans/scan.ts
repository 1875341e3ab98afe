// 简体中文：扫码时的文字。later.ts 的一部分。

import type { LaterOf } from '../catalogue.ts'

export const scan: LaterOf<'zh-Hans'>['scan'] = {
  open: '扫码',
  title: { linking: '扫描代码', invite: '扫描邀请', safety: '扫描对方的二维码' },
  lead: {
    linking: '将相机对准你另一台设备上的二维码。',
    invite: '将相机对准对方邀请的二维码。',
    safety: '将相机对准对方屏幕上的二维码。',
  },
  asking: '正在等待相机。如果浏览器询问，请允许。',
  looking: '正在寻找二维码',
  nothing: '还没找到二维码。请将它完整放入框内，并保持不动。',
  reading: '正在查看图片',
  failed: {
    'no-code': '这张图片里没有 Kith 能识别的二维码。二维码必须完整、清晰。',
    'no-picture': '无法将此文件作为图片打开。',
    'no-reader': '无法加载读取二维码的组件。首次使用时需要网络。',
  },
  refused: {
    linking: '此码用于添加设备。请在“我已在别处使用 Kith”中扫描，并且只在它显示于你自己的设备时扫描。',
    invite: '这是聊天邀请。请在“打开收到的链接”中扫描。',
    safety: '这是安全码。请在与此人聊天的详情中扫描。',
    elsewhere: '此邀请属于 {host} 上的 Kith。请在那里打开。这里没有打开任何内容。',
    other: '这不是 Kith 的二维码。没有打开任何内容。',
  },
  lamp: '照明',
  picture: '改为选择图片',
  stays: '不会录制任何内容，图片也不会离开此设备。',
  compare: {
    open: '扫码核对',
    title: '扫码核对',
    lead: '就在一起？请在两台设备上都打开这里，然后由一方扫描另一方的二维码。',
    qr: '你与 {name} 的安全码二维码',
    yours: '你的二维码，给 {name} 看',
    scan: '扫描对方的二维码',
    match: { title: '一致', text: '没有人在中间窥探。{name} 在这里已标为已核对。' },
    mismatch: {
      title: '不一致',
      text: '要么此码属于另一个聊天，要么有人在中间，能读到你们的内容。',
      what: '请 {name} 打开此聊天的详情，出示那里的二维码。如果仍不一致，就不要在这里写任何不能让陌生人看到的内容。',
    },
    own: '此码显示在你自己的设备上。请扫描 {name} 出示的二维码。',
    broken: '此码不完整，或来自更新版本的 Kith。请重新扫描。',
    again: '重新扫描',
    done: '完成',
  },
}

import type { ReactNode } from 'react'

import styles from './PhonePreview.module.css'

export type PhoneMessage =
  | { kind: 'text'; text: string }
  | { kind: 'image'; picture?: string }
  | { kind: 'link'; title: string; description?: string; picture?: string }
  | { kind: 'miniprogram'; title: string; picture?: string; name: string }
  | { kind: 'coupon'; title: string; note: string }

type Props = { title: string; messages: PhoneMessage[]; empty: ReactNode; label: string; note?: ReactNode }

/** What the customer will see, in a chat of a phone. */
export function PhonePreview({ title, messages, empty, label, note }: Props) {
  return (
    <figure className={styles.holder} aria-label={label}>
      <div className={styles.phone}>
        <div className={styles.bar}><span className={styles.back} aria-hidden="true">‹</span>{title}</div>
        <div className={styles.chat}>
          {messages.length === 0 && <div className={styles.empty}>{empty}</div>}
          {messages.map((message, index) => (
            <div key={index} className={styles.line}>
              <span className={styles.face} aria-hidden="true">{title.slice(0, 1)}</span>
              <Bubble message={message} />
            </div>
          ))}
        </div>
      </div>
      {note && <figcaption className={styles.note}>{note}</figcaption>}
    </figure>
  )
}

function Bubble({ message }: { message: PhoneMessage }) {
  if (message.kind === 'text') return <div className={styles.text}>{message.text}</div>
  if (message.kind === 'image') return message.picture ? <img className={styles.image} src={message.picture} alt="" /> : <div className={styles.blank} />
  if (message.kind === 'coupon') return <div className={styles.coupon}><strong>{message.title}</strong><small>{message.note}</small></div>
  if (message.kind === 'miniprogram') {
    return (
      <div className={styles.mini}>
        <small>{message.name}</small>
        <strong>{message.title}</strong>
        {message.picture ? <img src={message.picture} alt="" /> : <div className={styles.blank} />}
      </div>
    )
  }
  return (
    <div className={styles.link}>
      <strong>{message.title}</strong>
      <div><span>{message.description}</span>{message.picture && <i className={styles.thumb} style={{ backgroundImage: `url("${encodeURI(message.picture)}")` }} />}</div>
    </div>
  )
}

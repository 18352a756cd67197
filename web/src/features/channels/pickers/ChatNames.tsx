import { Tag } from 'antd'
import { Link } from 'react-router'

import { useChatsNamed } from '../groupQueries'
import { Filled } from './ChatPicker'

/** Groups by name, each with how full it is; the id of one that nobody knows. */
export function ChatNames({ ids }: { ids: string[] }) {
  const known = useChatsNamed(ids)
  return (
    <span className="stack-small">
      {ids.map((id) => {
        const chat = known.find((one) => one.chat_id === id)
        return chat
          ? <span key={id} className="row"><Link to={`/groups/${encodeURIComponent(id)}`}>{chat.name || id}</Link><Filled chat={chat} /></span>
          : <Tag key={id} className="mono">{id}</Tag>
      })}
    </span>
  )
}

import { useStaffOf } from '../queries'

/** The names of some members of staff; of many, the first few and how many more. */
export function StaffNames({ ids, limit = 3 }: { ids: string[]; limit?: number }) {
  const named = useStaffOf('id', ids.slice(0, limit)).map((each) => each.name)
  const more = ids.length - limit
  return <>{named.join('、')}{more > 0 && ` +${more}`}</>
}

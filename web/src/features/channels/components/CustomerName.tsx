/** A customer of a hand-over: the masked name where one is known, above the id. */
export function CustomerName({ customer }: { customer: { external_userid: string; name_masked?: string | null } }) {
  if (!customer.name_masked) return <span className="mono">{customer.external_userid}</span>
  return <span><strong>{customer.name_masked}</strong> <small className="mono faint">{customer.external_userid}</small></span>
}

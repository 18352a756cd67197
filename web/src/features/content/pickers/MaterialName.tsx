import { useMaterial } from '../queries'

/** What a material is called, behind what sends it; nothing where the place is already called so. */
export function MaterialName({ id, except }: { id: string; except?: string }) {
  const name = useMaterial(id).data?.material.name
  return name && !(except && name.endsWith(except)) ? <> · {name}</> : null
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/api/client'
import { usePages } from '@/lib/pages'

import type { Contact, ContactFilter, Revealed } from './types'

const key = 'contacts'
const path = (accountId: string, externalUserid: string) => ({ params: { path: { account_id: accountId, external_userid: externalUserid } } })

export function useContacts(filter: ContactFilter) {
  return usePages<Contact>([key, 'list', filter], (cursor) => answer(api.GET('/api/contacts', { params: { query: { ...filter, cursor, limit: 50 } } })))
}

export function useContact(accountId: string, externalUserid: string) {
  return useQuery({
    queryKey: [key, 'one', accountId, externalUserid],
    queryFn: () => answer<Contact>(api.GET('/api/contacts/{account_id}/{external_userid}', path(accountId, externalUserid))),
  })
}

export function useReveal() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (contact: Contact) => answer<Revealed>(api.POST('/api/contacts/{account_id}/{external_userid}/reveal', path(contact.account_id, contact.external_userid))),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['audit'] }),
  })
}

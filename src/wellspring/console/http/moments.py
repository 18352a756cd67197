"""Instants in addresses: with a zone, or in UTC; within the years that every store can hold."""

from wellspring.kernel import web

Asked = web.Asked

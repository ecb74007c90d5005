// The few rules of the contract that a model cannot state. OData itself, sign-in and ETags are CAP's own.
const cds = require('@sap/cds')
const { createHash } = require('node:crypto')
const { buffer } = require('node:stream/consumers')

const sha256 = bytes => createHash('sha256').update(bytes).digest('hex')

const refuse = (status, code, target, more) => {
  throw Object.assign(new Error('Refused.'), { status, code, target }, more)
}

const personOf = async (id, target) => {
  const person = await SELECT.one.from('PersonFiles').where({ id, hidden: false })
  if (!person) refuse(422, 'UNKNOWN_PERSON', target)
  if (person.mergedTo) refuse(409, 'PERSON_MERGED', target, { '@case.mergedTo': person.mergedTo })
  if (person.restricted) refuse(403, 'RESTRICTED', target)
  return person
}

const unlocked = ({ lockedBy }) => {
  if (lockedBy) refuse(409, 'LOCKED', 'personId', { '@case.lockedBy': lockedBy, '@case.lockedUntil': null })
}

const inState = (record, state, target) => {
  if (record.state !== state) refuse(409, 'STATE', target, { '@case.state': record.state })
}

module.exports = function () {
  const { Records, Documents, Tasks, Notes } = this.entities

  const recordOf = async (id, target) =>
    (await SELECT.one.from(Records).where({ id })) ?? refuse(422, 'UNKNOWN_RECORD', target)

  const draft = async record => {
    unlocked(await personOf(record.personId, 'personId'))
    inState(record, 'draft', 'state')
  }

  const correctable = async record => {
    if (!record.corrects) return
    const earlier = await recordOf(record.corrects, 'corrects')
    const same = earlier.personId === record.personId && earlier.formType === record.formType
    if (!same) refuse(422, 'UNKNOWN_RECORD', 'corrects')
    const free = earlier.state === 'complete' && !earlier.withdrawn && !earlier.correctedBy
    if (!free) refuse(422, 'NOT_CORRECTABLE', 'corrects')
  }

  this.before('CREATE', Records, async ({ data }) => {
    data.state = 'draft'
    const person = await personOf(data.personId, 'personId')
    unlocked(person)
    if (!person.openEpisode) refuse(422, 'NO_OPEN_EPISODE', 'personId')
    await correctable(data)
  })

  this.before('UPDATE', Records, async ({ data, headers }) => {
    const record = await SELECT.one.from(Records).where({ id: data.id })
    if (headers['if-match'] !== `W/"${record?.modifiedAt}"`) return // CAP itself refuses a stale one, after this
    await draft(record)
    if (data.answers) {
      data.answers = data.answers.map(({ code, row = null, value }) => ({ code, row, value }))
      data.answersSha256 = data.answers.length ? sha256(JSON.stringify(data.answers)) : null
    }
    if (data.state !== 'complete') return
    await correctable(record)
    const document = await SELECT.one.from(Documents, ['id']).where({ recordId: record.id })
    if (!document) refuse(422, 'DOCUMENT_REQUIRED', 'documents')
    if (record.corrects) await UPDATE(Records, record.corrects).with({ correctedBy: record.id })
  })

  this.before('CREATE', Documents, async ({ data }) => {
    await draft(await recordOf(data.recordId, 'recordId'))
    const content = Buffer.isBuffer(data.content) ? data.content : await buffer(data.content)
    if (!content.length) refuse(422, 'DOCUMENT_EMPTY', 'content')
    Object.assign(data, { content, size: content.length, sha256: sha256(content) })
  })

  this.before('CREATE', Tasks, ({ data }) => personOf(data.personId, 'personId'))

  this.before('CREATE', Notes, async ({ data }) => {
    const record = await recordOf(data.recordId, 'recordId')
    inState(record, 'complete', 'recordId')
    if (record.withdrawn) refuse(409, 'WITHDRAWN', 'recordId')
    await UPDATE(Records, record.id).with({ withdrawn: true })
  })
}

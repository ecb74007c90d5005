// The npm package `soap` serving our description. What it reads, writes and checks of SOAP is its own; only what a
// case system does behind it is written here, and no more than one record needs. Everything is kept in memory.
const { createHash } = require('crypto')
const { readFileSync } = require('fs')
const http = require('http')
const soap = require('soap')

const NAMESPACE = 'urn:wise-bridge:mosaic:1'
const { WSDL, SOAP_USER, SOAP_PASSWORD } = process.env
const AGE_LIMIT = 300_000
const QUESTIONS = ['TEST_SHORT', 'TEST_DATE', 'TEST_ROWS', 'TEST_LONG']
const people = { 40211: '2010-05-02' }
const steps = new Map(), notes = [], nonces = new Set()
let last = 880000

const list = value => [].concat(value ?? [])
const sha256 = value => createHash('sha256').update(value).digest('hex')

function refuse (status, code, errors = []) {
  const Refusal = { attributes: { xmlns: NAMESPACE }, code, status, message: 'This is refused.' }
  if (errors.length) Refusal.errors = { error: errors }
  throw { Fault: { faultcode: 'soap:Client', faultstring: 'This is refused.', detail: { Refusal }, statusCode: 500 } }
}

const found = number => steps.get(Number(number)) ?? refuse(404, 'NOT_FOUND')

function open (step) {
  if (step.status !== 'STARTED') refuse(409, 'STEP_STATE')
}

// Members in the order of the description; what has no value is left out.
function written (step) {
  const all = {
    stepId: step.stepId, stepTypeId: step.stepTypeId, status: step.status, subjects: { subject: step.subjects },
    externalReference: step.externalReference, assignedTo: step.assignedTo, restricted: step.restricted,
    answers: step.answers.length, answersSha256: step.answersSha256, documents: { document: step.documents },
    nextActions: { nextAction: step.nextActions }, correctsStepId: step.correctsStepId, withdrawn: step.withdrawn
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

const operations = {
  GetPerson ({ personId }) {
    const dateOfBirth = people[personId] ?? refuse(404, 'NOT_FOUND')
    return { person: { personId, context: 'C', dateOfBirth, dateOfBirthEstimated: false, restricted: false } }
  },
  FindSteps ({ externalReference }) {
    const ours = [...steps.values()].filter(step => step.externalReference === externalReference)
    return { steps: { step: ours.map(written) } }
  },
  GetStep: ({ stepId }) => ({ step: written(found(stepId)) }),
  OpenStep (given) {
    const subjects = list(given.subjects.subject)
    if (!people[subjects[0].id]) refuse(404, 'NOT_FOUND')
    const empty = { answers: [], documents: [], nextActions: [], restricted: false, withdrawn: false }
    const step = { ...empty, ...given, subjects, stepId: ++last }
    steps.set(step.stepId, step)
    return { step: written(step) }
  },
  PutAnswers ({ stepId, restricted, answers }) {
    const step = found(stepId)
    open(step)
    const given = list(answers?.answer).map(({ questionUserCode, row = null, value }) => ({ questionUserCode, row, value }))
    const unknown = given.filter(each => !QUESTIONS.includes(each.questionUserCode))
    if (unknown.length) {
      const code = 'UNKNOWN_QUESTION'
      refuse(422, 'INVALID', unknown.map(({ questionUserCode }) => ({ questionUserCode, code })))
    }
    Object.assign(step, { restricted, answers: given, answersSha256: sha256(JSON.stringify(given)) })
    return { step: written(step) }
  },
  AddDocument ({ stepId, fileName, title, category, subCategory, content }) {
    const step = found(stepId)
    open(step)
    const bytes = Buffer.from(content ?? '', 'base64')
    const document = { documentId: ++last, name: fileName, title, category, subCategory }
    Object.assign(document, { size: bytes.length, sha256: sha256(bytes) })
    step.documents.push(document)
    return { document }
  },
  CompleteStep ({ stepId, nextActions }) {
    const step = found(stepId)
    open(step)
    step.nextActions = list(nextActions.nextAction).map(({ actionTypeId, assignedTo }) =>
      ({ actionTypeId, assignedTo, stepId: ++last }))
    step.status = 'COMPLETED'
    return { step: written(step) }
  },
  AddNote ({ stepId, externalReference, noteType, text }) {
    const step = found(stepId)
    if (step.withdrawn) refuse(409, 'STEP_WITHDRAWN')
    step.withdrawn = true
    const note = { noteId: ++last, stepId, externalReference, noteType, text, createdAt: new Date().toISOString() }
    notes.push(note)
    return { note }
  },
  FindNotes: ({ externalReference }) =>
    ({ notes: { note: notes.filter(note => note.externalReference === externalReference) } })
}

// The digest is the package's own; a token is good once and not for long.
function authenticate (security) {
  const token = security?.UsernameToken
  const nonce = token?.Nonce?.$value ?? token?.Nonce
  const password = token?.Password
  if (!nonce || nonces.has(nonce) || Math.abs(Date.now() - new Date(token.Created)) > AGE_LIMIT) return false
  nonces.add(nonce)
  if (!password?.attributes?.Type?.endsWith('#PasswordDigest')) return false
  return token.Username === SOAP_USER && password.$value === soap.passwordDigest(nonce, token.Created, SOAP_PASSWORD)
}

const server = http.createServer((_, response) => { response.statusCode = 404; response.end() })
server.listen(0, '127.0.0.1', () => {
  const services = { MosaicStepsService: { MosaicSteps: operations } }
  const listening = soap.listen(server, {
    path: '/soap/v1', services, xml: readFileSync(WSDL, 'utf8'), suppressStack: true,
    callback: error => {
      if (error) throw error
      console.log(`listening on ${server.address().port}`)
    }
  })
  listening.wsdl.options.preserveWhitespace = true // taken from no option of a server
  listening.authenticate = authenticate
})

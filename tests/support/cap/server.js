// CAP listens on every interface unless told otherwise; a test's server is nobody else's business.
const cds = require('@sap/cds')

cds.once('bootstrap', app => {
  const listen = app.listen.bind(app)
  app.listen = port => listen(port, '127.0.0.1')
})

module.exports = cds.server

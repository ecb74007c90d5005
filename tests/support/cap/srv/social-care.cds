/** A children's record system that offers OData 4; docs/protocols/generic-rest.md is its contract. */

/** What the system knows of a person and shows to nobody. */
entity PersonFiles {
  key id : UUID;
  childId : String(20);
  dateOfBirth : Date;
  dateOfBirthEstimated : Boolean default false;
  mergedTo : String(20);
  restricted : Boolean default false;
  hidden : Boolean default false;
  openEpisode : Boolean default true;
  lockedBy : String(60);
}

type Answer { code : String(64); row : Integer; value : LargeString; }

@path: '/odata/v4/social-care' @requires: 'authenticated-user'
service SocialCare {
  @readonly entity People as select from PersonFiles {
    id, childId, dateOfBirth, dateOfBirthEstimated, mergedTo, restricted
  } where hidden = false;

  @Capabilities: { DeleteRestrictions.Deletable: false }
  entity Records {
    key id : UUID;
    reference : String(40) @mandatory @Core.Immutable;
    personId : UUID @mandatory @Core.Immutable;
    formType : String(64) @mandatory @Core.Immutable;
    state : String @assert.range enum { draft; complete } default 'draft';
    restricted : Boolean default false;
    completedOn : Date;
    answers : many Answer;
    answersSha256 : String(64) @readonly;
    corrects : UUID @Core.Immutable;
    correctedBy : UUID @readonly;
    withdrawn : Boolean @readonly default false;
    createdAt : Timestamp @cds.on.insert: $now @readonly;
    modifiedAt : Timestamp @cds.on.insert: $now @cds.on.update: $now @odata.etag @readonly;
    documents : Association to many Documents on documents.recordId = id;
  }

  @Capabilities: { UpdateRestrictions.Updatable: false, DeleteRestrictions.Deletable: false }
  entity Documents {
    key id : UUID;
    recordId : UUID @mandatory;
    name : String(80) @mandatory;
    title : String(200);
    documentType : String(20);
    documentSubType : String(20);
    size : Integer @readonly;
    sha256 : String(64) @readonly;
    content : LargeBinary @Core.MediaType: 'application/pdf';
  }

  @Capabilities: { UpdateRestrictions.Updatable: false, DeleteRestrictions.Deletable: false }
  entity Tasks {
    key id : UUID;
    reference : String(40) @mandatory;
    personId : UUID @mandatory;
    taskType : String(20) @assert.range enum { REVIEW };
    team : String(20) @mandatory;
    dueOn : Date;
    text : String(250);
    state : String @readonly default 'open';
    createdAt : Timestamp @cds.on.insert: $now @odata.etag @readonly;
  }

  @Capabilities: { UpdateRestrictions.Updatable: false, DeleteRestrictions.Deletable: false }
  entity Notes {
    key id : UUID;
    reference : String(40) @mandatory;
    recordId : UUID @mandatory;
    noteType : String(20) @assert.range enum { withdrawal };
    text : String(250);
    createdAt : Timestamp @cds.on.insert: $now @odata.etag @readonly;
  }
}

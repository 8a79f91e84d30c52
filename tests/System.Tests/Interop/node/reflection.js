// The standard reflection service, a bidirectional stream.
import assert from 'node:assert/strict';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import { LOADING, all, ask, check, credentials, open, reflection, send, within } from './client.js';
import protobuf from 'protobufjs';
import 'protobufjs/ext/descriptor/index.js';

const REGISTRY = 'exchange.requests.v1.RequestRegistry';
const { FileDescriptorProto, FileDescriptorSet } = protobuf.descriptor;

const answersTo = (...questions) => all(send(reflection('operator').ServerReflectionInfo(within()), questions));

async function filesWith(symbol) {
  const [answer] = await answersTo({ file_containing_symbol: symbol });
  return answer.file_descriptor_response.file_descriptor_proto;
}

check('reflection_lists_the_services', async () => {
  const [answer] = await answersTo({ list_services: '' });
  assert.deepEqual(answer.list_services_response.service.map(service => service.name),
    ['exchange.operations.v1.ParkedMessages', ...['CaseRegistry', 'DocumentExchange', 'OfficerInbox', 'RequestRegistry'].map(name => `exchange.requests.v1.${name}`),
      'grpc.health.v1.Health', 'grpc.reflection.v1.ServerReflection']);
});

check('reflection_finds_the_file_of_a_symbol', async () => {
  for (const symbol of [REGISTRY, `${REGISTRY}.ReadJournal`, 'exchange.requests.v1.MlaRequest', 'exchange.requests.v1.MlaRequest.etag']) {
    const [first] = await filesWith(symbol);
    assert.equal(FileDescriptorProto.decode(first).name, 'exchange/requests/v1/request_registry.proto');
  }
});

check('reflection_answers_each_question_of_a_stream', async () => {
  const [unknown, byName] = await answersTo(
    { file_containing_symbol: 'no.such.Symbol' }, { file_by_filename: 'exchange/requests/v1/facts.proto' });
  assert.equal(unknown.error_response.error_code, grpc.status.NOT_FOUND);
  assert.equal(byName.original_request.file_by_filename, 'exchange/requests/v1/facts.proto');
});

check('client_made_from_reflection_alone_calls', async () => {
  const file = (await filesWith(REGISTRY)).map(bytes => FileDescriptorProto.decode(bytes));
  const known = loader.loadFileDescriptorSetFromBuffer(Buffer.from(FileDescriptorSet.encode({ file }).finish()), LOADING);
  const client = open(grpc.loadPackageDefinition(known).exchange.requests.v1.RequestRegistry, credentials('operator'));
  assert.equal((await ask(client, 'GetStatus', {})).installation_state, 'BY');
  client.close();
});

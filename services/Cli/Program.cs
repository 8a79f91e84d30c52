using System.CommandLine;
using Exchange.Cli;

var command = new RootCommand("Client of the exchange of legal assistance requests.") { PkiCommand.Create() };
var parsed = command.Parse(args);
var code = parsed.Invoke();

// 0 done, 1 could not be done, 2 not understood.
return parsed.Errors.Count > 0 ? 2 : code;

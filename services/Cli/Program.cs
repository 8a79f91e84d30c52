using Exchange.Cli;

return await ExchangeCommand.Run(args, ProcessContext.Current());

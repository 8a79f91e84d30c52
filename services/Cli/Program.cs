using Exchange.Cli;

return await ExchangeCommand.Run(args, Surroundings.OfProcess());

using TransactionFeed.CommandLine;
using TransactionFeed.Evaluate;
using TransactionFeed.Load;
using TransactionFeed.Reports;

if (args.FirstOrDefault() == LoadCommand.Name)
{
    SocketSettings.KeepCompletionsInline();
}
else if (args.FirstOrDefault() == EvaluateCommand.Name)
{
    FieldFile.RefuseTruncatedGzip();
}

return await FeedCommandLine.RunAsync(args, FeedConsole.OfProcess(), CancellationToken.None);

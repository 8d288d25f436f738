using TransactionFeed.CommandLine;
using TransactionFeed.Load;
using TransactionFeed.Reports;

if (args.FirstOrDefault() == LoadCommand.Name)
{
    SocketSettings.KeepCompletionsInline();
}

return await FeedCommandLine.RunAsync(args, FeedConsole.OfProcess(), CancellationToken.None);

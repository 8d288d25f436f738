using TransactionFeed.CommandLine;
using TransactionFeed.Reports;

return await FeedCommandLine.RunAsync(args, FeedConsole.OfProcess(), CancellationToken.None);

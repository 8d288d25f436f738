namespace TransactionFeed.Reports;

/// <summary>How far something is: the share that is done, where that is known, and a few words.</summary>
internal readonly record struct ProgressMark(double? Share, string Text);

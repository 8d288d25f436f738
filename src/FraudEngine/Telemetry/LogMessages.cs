namespace FraudEngine.Telemetry;

/// <summary>Every log message, with its number. Never an account, a transaction id or a payload in one.</summary>
public static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Information, "Rule set {RuleSet} is in force: {Rules} rules over {Windows} windows, from {Path}")]
    public static partial void RuleSetInForce(this ILogger log, string ruleSet, int rules, int windows, string path);

    [LoggerMessage(2, LogLevel.Information, "Journal: {Provider} at {Place}, holding {Transactions} transactions of {Accounts} accounts and {Alerts} alerts")]
    public static partial void JournalOpened(this ILogger log, string provider, string place, long transactions, long accounts, long alerts);

    [LoggerMessage(3, LogLevel.Error, "{Path} is not taken over, and {RuleSet} stays in force. {Reason}")]
    public static partial void RulesRefused(this ILogger log, string path, string reason, string ruleSet);

    [LoggerMessage(4, LogLevel.Error, "{Path} has changed but can't be read, so nothing else changes: {Reason}")]
    public static partial void FileUnread(this ILogger log, string path, string reason);

    [LoggerMessage(5, LogLevel.Information, "Rule set {RuleSet} is in force as before: {Rules} rules over {Windows} windows. It goes on until {Path} changes or another one is put")]
    public static partial void RuleSetStillInForce(this ILogger log, string ruleSet, int rules, int windows, string path);

    [LoggerMessage(6, LogLevel.Information, "Model {Model} is in force: {Trees} trees look at {Features} features over {Windows} windows (score: {Score}), from {Source}")]
    public static partial void ModelInForce(this ILogger log, string model, int trees, int features, int windows, string score, string source);

    [LoggerMessage(7, LogLevel.Information, "Model {Model} is in force as before: {Trees} trees look at {Features} features over {Windows} windows (score: {Score}). It goes on until its files change or another one is put")]
    public static partial void ModelStillInForce(this ILogger log, string model, int trees, int features, int windows, string score);

    [LoggerMessage(8, LogLevel.Information, "No model is in force: the rules score alone ({Source})")]
    public static partial void NoModelInForce(this ILogger log, string source);

    [LoggerMessage(9, LogLevel.Error, "{Path} and its trees are not taken over, and nothing changes. {Reason}")]
    public static partial void ModelRefused(this ILogger log, string path, string reason);

    [LoggerMessage(30, LogLevel.Information, "The journal is being indexed by what transactions name (Engine:Entities): {Rows} of {All} rows")]
    public static partial void Indexing(this ILogger log, long rows, long all);

    [LoggerMessage(10, LogLevel.Error, "Shard {Shard} has restarted and recovers its accounts from the journal")]
    public static partial void ShardRestarted(this ILogger log, int shard, Exception reason);

    [LoggerMessage(11, LogLevel.Error, "Shard {Shard} has refused a transaction that faulted twice; it is recorded in the journal as poison")]
    public static partial void TransactionPoisoned(this ILogger log, int shard, Exception reason);

    [LoggerMessage(12, LogLevel.Error, "Shard {Shard} could not recover an account from the journal")]
    public static partial void RecoveryFailed(this ILogger log, int shard, Exception reason);

    [LoggerMessage(20, LogLevel.Information, "List {List} is taken from {Path}: {Entries} entries, of which {Added} are new and {Changed} changed; {Removed} were removed")]
    public static partial void ListFileTaken(this ILogger log, string path, string list, int entries, int added, int changed, int removed);

    [LoggerMessage(21, LogLevel.Error, "The file of a list is not taken, and the list stays as it was: {Path}: {Reason}")]
    public static partial void ListFileNotTaken(this ILogger log, string path, string reason);

    [LoggerMessage(22, LogLevel.Information, "List {List} stays as it is, but is changed over HTTP from now on: its file {File} is gone")]
    public static partial void ListFileGone(this ILogger log, string list, string file);

    [LoggerMessage(23, LogLevel.Warning, "The folder of the lists can't be watched: what changes in {Folder} is seen at the next start only")]
    public static partial void ListsNotWatched(this ILogger log, string folder, Exception reason);

    [LoggerMessage(50, LogLevel.Information, "Feed: the queues of transactions at {Broker} are consumed")]
    public static partial void FeedConnected(this ILogger log, string broker);

    [LoggerMessage(51, LogLevel.Warning, "Feed: the connection to {Broker} is gone; what was not acknowledged is delivered again")]
    public static partial void FeedLost(this ILogger log, string broker);

    [LoggerMessage(52, LogLevel.Error, "Feed: there is no connection to {Broker} (Broker:Url), and it is tried again until there is: {Reason}")]
    public static partial void FeedUnreachable(this ILogger log, string broker, string reason);

    [LoggerMessage(24, LogLevel.Error, "The lists in {Folder} can't be read or stored now; they stay as they are until that works")]
    public static partial void ListsNotRead(this ILogger log, string folder, Exception reason);

    [LoggerMessage(40, LogLevel.Information, "Node {Node} has joined")]
    public static partial void MemberJoined(this ILogger log, string node);

    [LoggerMessage(41, LogLevel.Warning, "Node {Node} is gone: {How}")]
    public static partial void MemberLeft(this ILogger log, string node, string how);

    [LoggerMessage(42, LogLevel.Information, "This node owns {Owned} shards: {Taken} were taken, {Given} given away or lost")]
    public static partial void ShardsChanged(this ILogger log, int owned, int taken, int given);

    [LoggerMessage(43, LogLevel.Warning, "The database session of {Life}, which is silent, was ended, so that its shards are free (shard {Shard})")]
    public static partial void HolderEvicted(this ILogger log, string life, int shard);

    [LoggerMessage(44, LogLevel.Error, "The database session is gone, and with it the shards of this node; transactions wait for whoever owns them next")]
    public static partial void DatabaseLost(this ILogger log);

    [LoggerMessage(45, LogLevel.Error, "RabbitMQ (Broker:Url) can't be reached, so nothing is forwarded to other nodes and no shard moves until it can; it is tried again until then: {Reason}")]
    public static partial void BrokerLost(this ILogger log, string reason);

    [LoggerMessage(46, LogLevel.Information, "RabbitMQ is there again")]
    public static partial void BrokerFound(this ILogger log);

    [LoggerMessage(47, LogLevel.Error, "What other nodes have put in force can't be taken over now, and is tried again: {Reason}")]
    public static partial void SettingsNotFollowed(this ILogger log, string reason);

    [LoggerMessage(60, LogLevel.Information, "Alerts: this node delivers on {Channel}")]
    public static partial void ChannelTaken(this ILogger log, string channel);

    [LoggerMessage(61, LogLevel.Warning, "Alerts: this node does not deliver on {Channel} any more; another one can")]
    public static partial void ChannelLost(this ILogger log, string channel);

    [LoggerMessage(62, LogLevel.Error, "Alerts: {Channel} takes none; they wait, and one is tried now and then until it arrives. {Problem}")]
    public static partial void ChannelFailing(this ILogger log, string channel, string problem);

    [LoggerMessage(63, LogLevel.Information, "Alerts: {Channel} takes them again")]
    public static partial void ChannelWorks(this ILogger log, string channel);

    [LoggerMessage(64, LogLevel.Error, "Alerts: {Alerts} for {Channel} were given up and are dead letters. {Problem}")]
    public static partial void AlertsGivenUp(this ILogger log, string channel, int alerts, string problem);

    [LoggerMessage(65, LogLevel.Error, "Alerts: what {Channel} needs can't be read or stored now, and is tried again: {Reason}")]
    public static partial void ChannelInterrupted(this ILogger log, string channel, string reason);

    [LoggerMessage(66, LogLevel.Error, "Alerts: a message for {Channel} could not be made or sent; it is tried again like one that has failed")]
    public static partial void SendingFaulted(this ILogger log, string channel, Exception reason);

    [LoggerMessage(67, LogLevel.Error, "Alerts: {Channel} has ended by a fault, and begins again from what is stored")]
    public static partial void ChannelRestarted(this ILogger log, string channel, Exception reason);
}

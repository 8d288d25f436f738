namespace FraudEngine.Hosting.Workers;

/// <summary>What <c>cluster --help</c> prints.</summary>
internal static class ClusterUsage
{
    public const string Text =
        """
        Usage:  FraudEngine cluster --nodes N [--OPTION VALUE]...

        Starts N workers, each an engine and a node of the cluster, that share the port of --urls. One that dies is started again. More machines join by running
        the same on them, with the same database and broker.

          --nodes N                       how many workers, 1 to 64
          --Storage:Provider Postgres     the journal that they share
          --Storage:ConnectionString …    where it is; with a password better as Storage__ConnectionString in the environment
          --Broker:Url amqp://…           the RabbitMQ that they speak over; likewise Broker__Url
          --Cluster:Node NAME             the workers are NAME-1, NAME-2 …           [MACHINE-PORT]
          --Cluster:OwnUrl URL            where only worker 1 is reached; the others at the ports behind it  [http://127.0.0.1:PORT+1]
          --apart                         workers that know nothing of each other, to try the command itself; not for use
          --help                          this text

        All options of the engine can be given ('FraudEngine --help'); each worker gets them. {worker} in a value stands for the worker's number.

          SIGHUP          restarts the workers one after the other, while the others go on
          SIGTERM, Ctrl-C stops them all in order; a second one kills them

        Example:  Storage__ConnectionString="Host=db;Username=fraud;Password=…" FraudEngine cluster --nodes 4 --Storage:Provider Postgres --Broker:Url amqp://broker
        """;
}

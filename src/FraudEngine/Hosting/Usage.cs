namespace FraudEngine.Hosting;

/// <summary>What <c>--help</c> prints.</summary>
internal static class Usage
{
    public const string Text =
        """
        FraudEngine: decides transactions as they come and alerts the customer.

        Usage:  FraudEngine [--demo] [--OPTION VALUE]...
                FraudEngine cluster --nodes N       N workers that share one port; cluster --help says more
                FraudEngine rules check FILE...     checks rule files, as in a CI pipeline; rules --help says more
                FraudEngine rules explain FILE      shows what rules need and what they cost

          --demo                          run with a simulated feed, on data that is deleted at the end
          --urls URL                      where to listen                            [http://127.0.0.1:5080]
          --Storage:Provider NAME         Sqlite, or Postgres, which nodes can share [Sqlite]
          --Storage:ConnectionString …    a directory; for Postgres Host=…;Database=…;Username=…;Password=…  [data]
          --Storage:Retention …           for Postgres: how long transactions stay   [00:00:00, for ever]
          --Storage:PartitionSpan …       for Postgres: the time that goes as one    [7.00:00:00]
          --Rules:Path FILE               the rules, also when they are saved anew   [config/rules.yaml]
          --Rules:ListsPath DIR           the files of named lists                   [config/lists]
          --Model:Path FILE               the model, also when it is saved anew      [none]
          --Engine:Shards N               event loops; fixed for a data directory    [64]
          --Engine:InFlightMax N          transactions in flight; more wait          [8192]
          --Engine:ResidentAccountsMax N  accounts kept in memory                    [1000000]
          --Engine:ResidentEntitiesMax N  terminals, merchants … kept in memory      [1000000]
          --Engine:Entities LIST          kinds of these that have windows           [terminal,merchant,device,counterparty]
          --Engine:EntityTimeout …        how long a transaction waits for one       [00:00:05]
          --Engine:Horizon D.HH:MM:SS     the longest window                         [30.00:00:00]
          --Engine:AllowedLateness …      how late a transaction may come            [1.00:00:00]
          --Engine:AheadMax …             how far ahead of the clock one may be      [00:05:00]
          --Engine:WindowEventsMax N      transactions kept per account              [1000000]
          --Engine:SnapshotEvery N        an account's transactions per snapshot     [512]
          --Ingress:DefaultCurrency CODE  of a transaction that names none           [EUR]
          --Ingress:AdmissionWaitMax …    how long a request waits for room          [00:00:00.5]
          --Ingress:StreamLinesMax N      unanswered lines per stream                [2048]
          --Ingress:StreamsMax N          streams open at a time                     [256]
          --Ingress:StreamAnswerBytesMax N  answers held for a client that does not read  [67108864]
          --Ingress:StreamsAheadMax N     streams that may hold so much              [8]
          --Egress:SubscribersMax N       clients that listen for alerts             [50000]
          --Webhooks:Endpoints:NAME:Url URL   where alerts go; :Secret for its key   [none]
          --Webhooks:AllowPrivate true|false  endpoints in the own network too       [false]
          --Webhooks:Concurrency N        requests under way per endpoint            [16]
          --Webhooks:RateMax N            requests in a second per endpoint          [2000]
          --Webhooks:Timeout …            of a request                               [00:00:10]
          --Webhooks:GiveUpAfter …        then an alert is a dead letter             [1.00:00:00]
          --Email:Host NAME               the SMTP server                            [none]
          --Email:Port N                  its port                                   [587]
          --Email:User NAME               for the login; empty for none              [none]
          --Email:Password …              better in the environment                  [none]
          --Email:From ADDRESS            the sender                                 [none]
          --Email:StartTls true|false     only over TLS                              [true]
          --Email:CaFile FILE             who may sign its certificate, in PEM       [the system's alone]
          --Email:Concurrency N           connections at a time                      [4]
          --Email:Timeout …               of a message                               [00:00:30]
          --Email:GroupWait …             how long an alert waits for others         [00:00:10]
          --Email:PerHourMax N            messages per account and hour              [6]
          --Email:TemplatesPath DIR       own templates of the messages              [none]
          --Customers:PublicUrl URL       where customers reach it, for links        [the first of --urls]
          --Customers:LinksValidFor …     how long alerts can be answered            [3.00:00:00]
          --Customers:ConfirmedFor …      no alerts like a confirmed one             [30.00:00:00]
          --Customers:HoldOutcome NAME    of payments after a denial                 [Decline]
          --Broker:Url URL                RabbitMQ: amqp://user:password@host/vhost  [none]
          --Broker:Feed true|false        decide what stands in its queues           [true]
          --Broker:PrefetchMax N          unanswered transactions per queue          [128]
          --Cluster:Node NAME             the node's name, the same in each life     [MACHINE-PORT]
          --Cluster:OwnUrl URL            where only this node is reached            [the first of --urls]
          --Cluster:SilenceMax …          after which a node is taken for gone       [00:00:03]
          --Cluster:AskAgainAfter …       after which a forwarded one is sent again  [00:00:02]
          --Cluster:ForwardTimeout …      after which it is refused                  [00:00:15]
          --help                          this text

        Each option can also stand in config/engine.json ({"Engine": {"Shards": 64}}) or in the environment (Engine__Shards=64).

        Send it transactions:   dotnet run -c Release --project src/TransactionFeed -- simulate --to http://127.0.0.1:5080
        See its alerts:         dotnet run -c Release --project src/TransactionFeed -- watch
        """;
}

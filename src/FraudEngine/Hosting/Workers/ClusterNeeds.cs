namespace FraudEngine.Hosting.Workers;

/// <summary>What workers must have in common so that they are one engine.</summary>
internal static class ClusterNeeds
{
    /// <summary>Throws <see cref="StartException"/> where the configuration lacks it.</summary>
    public static void Check(IConfiguration configuration)
    {
        var hasJournal = "Postgres".Equals(configuration["Storage:Provider"], StringComparison.OrdinalIgnoreCase);
        if (!hasJournal || string.IsNullOrWhiteSpace(configuration["Broker:Url"]))
        {
            throw new StartException(
                "A cluster needs --Storage:Provider Postgres and --Broker:Url amqp://…: its nodes share a journal in PostgreSQL, and speak to each other over RabbitMQ. Run 'cluster --help' for an example.");
        }
    }

    /// <summary>Engines that know nothing of each other must not have the same data.</summary>
    public static void CheckApart(IConfiguration first, IConfiguration second)
    {
        const string location = "Storage:ConnectionString";
        if (first[location] == second[location])
        {
            throw new StartException("With --apart each worker needs its own data, as in --Storage:ConnectionString data-{worker}.");
        }
    }
}

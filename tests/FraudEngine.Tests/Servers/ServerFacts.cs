namespace FraudEngine.Tests.Servers;

/// <summary>A test that needs PostgreSQL.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.IsInstalled ? null : "PostgreSQL is not installed: ./test installs it where it can.";
}

/// <summary>A test with data that needs PostgreSQL.</summary>
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = new PostgresFactAttribute().Skip;
}

/// <summary>A test that needs RabbitMQ.</summary>
public sealed class RabbitFactAttribute : FactAttribute
{
    public RabbitFactAttribute() => Skip = RabbitServer.IsInstalled ? null : "RabbitMQ is not installed: ./test installs it where it can.";
}

/// <summary>A test that needs PostgreSQL and RabbitMQ.</summary>
public sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute() =>
        Skip = PostgresServer.IsInstalled && RabbitServer.IsInstalled ? null : "PostgreSQL or RabbitMQ is not installed: ./test installs them where it can.";
}

using FraudEngine.Tests.Cluster;

namespace FraudEngine.Tests;

/// <summary>Tests that measure time, or keep the whole machine busy, run one at a time after all others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone : ICollectionFixture<SharedServers>
{
    public const string Name = "Alone";
}

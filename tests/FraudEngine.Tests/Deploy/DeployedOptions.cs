using FraudEngine.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace FraudEngine.Tests.Deploy;

/// <summary>Holds the variables of a deployment against the engine's own options.</summary>
internal static class DeployedOptions
{
    /// <summary>How long the web server and what it hosts may take to stop.</summary>
    public static TimeSpan ShutdownMax { get; } = new HostOptions().ShutdownTimeout;

    /// <summary>Each <c>Section__Key</c> is an option that there is, and all values together are allowed.</summary>
    public static void Check(IReadOnlyDictionary<string, string> environment)
    {
        var options = environment.Where(static variable => variable.Key.Contains("__", StringComparison.Ordinal))
            .ToDictionary(static variable => variable.Key.Replace("__", ":", StringComparison.Ordinal), static variable => (string?)variable.Value);
        Assert.NotEmpty(options);
        Options.CheckCommandLine([.. options.SelectMany(static option => new[] { $"--{option.Key}", option.Value! })]);
        Options.Read(new ConfigurationBuilder().AddInMemoryCollection(options).Build());
    }
}

using Xunit.Abstractions;
using Xunit.Sdk;

namespace FraudEngine.Tests.Servers;

/// <summary>Of a class of tests that needs PostgreSQL: those that it has from a contract are skipped where that is not installed.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsPostgresAttribute : Attribute;

/// <summary>A test of a contract, from which classes derive for implementations of which some need a server.</summary>
[XunitTestCaseDiscoverer("FraudEngine.Tests.Servers.ContractFactDiscoverer", "FraudEngine.Tests")]
public sealed class ContractFactAttribute : FactAttribute;

/// <summary>As <see cref="ContractFactAttribute"/>, with data.</summary>
[XunitTestCaseDiscoverer("FraudEngine.Tests.Servers.ContractTheoryDiscoverer", "FraudEngine.Tests")]
public sealed class ContractTheoryAttribute : TheoryAttribute;

/// <summary>Finds the tests of a contract in a class.</summary>
public sealed class ContractFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        LacksServer(testMethod) ? [SkippedCase(DiagnosticMessageSink, discoveryOptions, testMethod)] : base.Discover(discoveryOptions, testMethod, factAttribute);

    internal static bool LacksServer(ITestMethod method) => !PostgresServer.IsInstalled && method.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgresAttribute)).Any();

    internal static IXunitTestCase SkippedCase(IMessageSink diagnostics, ITestFrameworkDiscoveryOptions options, ITestMethod method) =>
        new XunitSkippedDataRowTestCase(
            diagnostics, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method, new PostgresFactAttribute().Skip ?? "PostgreSQL is not installed.");
}

/// <summary>Finds the tests with data of a contract in a class.</summary>
public sealed class ContractTheoryDiscoverer(IMessageSink diagnostics) : TheoryDiscoverer(diagnostics)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        ContractFactDiscoverer.LacksServer(testMethod)
            ? [ContractFactDiscoverer.SkippedCase(DiagnosticMessageSink, discoveryOptions, testMethod)]
            : base.Discover(discoveryOptions, testMethod, theoryAttribute);
}

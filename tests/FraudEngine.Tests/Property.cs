using FsCheck;

namespace FraudEngine.Tests;

/// <summary>How property tests draw their cases: the same ones in each short run, so that a gate can't fail by chance; others in each soak.</summary>
internal static class Property
{
    private const ulong Seed = 20_261_121;

    // FsCheck wants an odd one.
    private const ulong Gamma = 7_046_029_254_386_353_131;

    public static Config Runs(int count) =>
        Soak.IsOn ? Config.QuickThrowOnFailure.WithMaxTest(count) : Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(Seed, Gamma);
}

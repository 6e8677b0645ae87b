using Monolith.BuildingBlocks.Projections.Contract;

namespace Monolith.Projections.DuckDb.Tests;

/// <summary>The contract of the replay engine on DuckDB.</summary>
public static class OnDuckDb
{
    [Trait("Category", "Module")]
    public sealed class RebuildTests() : RebuildContract(new DuckDbUnderTest());

    [Trait("Category", "Module")]
    public sealed class PoisonTests() : PoisonContract(new DuckDbUnderTest());

    [Trait("Category", "Module")]
    public sealed class SnapshotTests() : SnapshotContract(new DuckDbUnderTest());

    [Trait("Category", "Module")]
    public sealed class VerifyTests() : VerifyContract(new DuckDbUnderTest());

    [Trait("Category", "Module")]
    public sealed class OperatorTests() : OperatorContract(new DuckDbUnderTest());

    [Trait("Category", "Module")]
    public sealed class VersionTests() : VersionContract(new DuckDbUnderTest());

    [Trait("Category", "Module")]
    public sealed class InterruptionTests() : InterruptionContract(new DuckDbUnderTest());

    [Trait("Category", "Module")]
    public sealed class OnePageTests() : OneBatchContract(new DuckDbUnderTest());

    [Trait("Category", "Module")]
    public sealed class RandomHistoryTests() : RandomHistoryContract(histories: 20, () => new DuckDbUnderTest());

    [Trait("Category", "Module")]
    public sealed class DocumentRegistryTests() : HeldBatchContract(new DuckDbUnderTest());

    [Trait("Category", "Module")]
    public sealed class KilledWriterTests() : KilledWriterContract(folder => new DuckDbUnderTest(folder));
}

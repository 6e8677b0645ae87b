using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.Testing.Events;

namespace Monolith.Projections.Postgres.Tests;

/// <summary>The contract of the replay engine on PostgreSQL.</summary>
public static class OnPostgres
{
    [Trait("Category", "Module")]
    public sealed class RebuildTests(TestPostgres postgres) : RebuildContract(new PostgresUnderTest(postgres));

    [Trait("Category", "Module")]
    public sealed class PoisonTests(TestPostgres postgres) : PoisonContract(new PostgresUnderTest(postgres));

    [Trait("Category", "Module")]
    public sealed class SnapshotTests(TestPostgres postgres) : SnapshotContract(new PostgresUnderTest(postgres));

    [Trait("Category", "Module")]
    public sealed class VerifyTests(TestPostgres postgres) : VerifyContract(new PostgresUnderTest(postgres));

    [Trait("Category", "Module")]
    public sealed class OperatorTests(TestPostgres postgres) : OperatorContract(new PostgresUnderTest(postgres));

    [Trait("Category", "Module")]
    public sealed class VersionTests(TestPostgres postgres) : VersionContract(new PostgresUnderTest(postgres));

    [Trait("Category", "Module")]
    public sealed class InterruptionTests(TestPostgres postgres) : InterruptionContract(new PostgresUnderTest(postgres));

    [Trait("Category", "Module")]
    public sealed class OnePageTests(TestPostgres postgres) : OneBatchContract(new PostgresUnderTest(postgres));

    [Trait("Category", "Module")]
    public sealed class RandomHistoryTests(TestPostgres postgres)
        : RandomHistoryContract(histories: 50, () => new PostgresUnderTest(postgres));

    [Trait("Category", "Module")]
    public sealed class SharedStoreTests(TestPostgres postgres) : SharedStoreContract(new PostgresUnderTest(postgres))
    {
        protected override Task ExpireClaimsAsync() =>
            ((SampleDatabase)Logs)
                .ExecuteAsync("update shop_read.generations set builder = gen_random_uuid(), builder_until = now() - interval '1 second'");
    }
}

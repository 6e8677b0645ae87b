using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.Testing.Events;

namespace Monolith.Projections.Postgres.Tests;

/// <summary>The contract of the replay engine on PostgreSQL.</summary>
public static class OnPostgres
{
    [Trait("Category", "Module")]
    public sealed class RebuildTests(TestPostgres postgres) : RebuildContract(postgres, new PostgresUnderTest());

    [Trait("Category", "Module")]
    public sealed class PoisonTests(TestPostgres postgres) : PoisonContract(postgres, new PostgresUnderTest());

    [Trait("Category", "Module")]
    public sealed class SnapshotTests(TestPostgres postgres) : SnapshotContract(postgres, new PostgresUnderTest());

    [Trait("Category", "Module")]
    public sealed class VerifyTests(TestPostgres postgres) : VerifyContract(postgres, new PostgresUnderTest());

    [Trait("Category", "Module")]
    public sealed class OperatorTests(TestPostgres postgres) : OperatorContract(postgres, new PostgresUnderTest());

    [Trait("Category", "Module")]
    public sealed class VersionTests(TestPostgres postgres) : VersionContract(postgres, new PostgresUnderTest());

    [Trait("Category", "Module")]
    public sealed class InterruptionTests(TestPostgres postgres) : InterruptionContract(postgres, new PostgresUnderTest());

    [Trait("Category", "Module")]
    public sealed class OnePageTests(TestPostgres postgres) : OneBatchContract(postgres, new PostgresUnderTest());

    [Trait("Category", "Module")]
    public sealed class RandomHistoryTests(TestPostgres postgres) : RandomHistoryContract(postgres, histories: 50, () => new PostgresUnderTest());

    [Trait("Category", "Module")]
    public sealed class SharedStoreTests(TestPostgres postgres) : SharedStoreContract(postgres, new PostgresUnderTest())
    {
        private protected override Task ExpireClaimsAsync() =>
            Database.ExecuteAsync("update shop_read.generations set builder = gen_random_uuid(), builder_until = now() - interval '1 second'");
    }
}

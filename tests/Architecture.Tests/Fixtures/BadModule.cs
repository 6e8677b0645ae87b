#pragma warning disable CA1812, CA1052, IDE0130 // Types that break every rule on purpose, in namespaces as a module would have them.
using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.Architecture.Tests.Fixtures.BadModule.Domain
{
    internal sealed class KnowsInfrastructure
    {
        // Only in a method's body: a rule that looks at signatures alone would not see it.
        public override string ToString() => new Infrastructure.Repository().ToString()!;
    }

    internal sealed class KnowsALibrary
    {
        public Npgsql.NpgsqlConnection? Connection { get; init; }
    }
}

namespace Monolith.Architecture.Tests.Fixtures.BadModule.Application
{
    internal sealed class KnowsApi
    {
        public override string ToString() => new Api.Routes().ToString()!;
    }

    internal sealed record Unvalidated(int Number) : ICommand<int>;
}

namespace Monolith.Architecture.Tests.Fixtures.BadModule.Infrastructure
{
    internal sealed class Repository
    {
        public Api.Routes? Routes { get; init; }
    }

    internal sealed class KnowsAnotherModule
    {
        public override string ToString() => typeof(Modules.Customers.CustomersModule).Name;
    }
}

namespace Monolith.Architecture.Tests.Fixtures.BadModule.Reactions
{
    internal sealed class HasNoLayer
    {
        public Api.Routes? Routes { get; init; }
    }
}

namespace Monolith.Architecture.Tests.Fixtures.BadModule.Api
{
    public sealed class Routes;
}

namespace Monolith.Architecture.Tests.Fixtures.BadModule.Contracts
{
    public record Open(int Number) : IEvent;

    [EventType("Bad.Named")]
    public sealed record Misnamed(int Number) : IEvent;

    [EventType("bad.fields.v1")]
    public sealed class NoRecord : IEvent;

    [JsonSerializable(typeof(Open))]
    [JsonSerializable(typeof(Misnamed))]
    public sealed partial class BadJson : JsonSerializerContext;
}

using Monolith.BuildingBlocks.Modules;

namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>
/// A kind of store that rows may go to. The building block of a store implements it, and adds its own word to <c>ProjectionBuilder</c> (<c>ToLucene</c>) that ends in
/// <c>ProjectionBuilder.To</c>. Whether a store belongs to one process alone is said by <see cref="IGenerationRegistry.Instance"/>.
/// </summary>
public interface IProjectionStoreProvider
{
    /// <summary>Whether the store is a server that only such projections need: while it is away, their queries cannot be answered, and a host goes on with everything else.</summary>
    bool IsRemote => false;

    /// <summary>Refuses, at the registration, what the store cannot do.</summary>
    /// <param name="projection">The projection.</param>
    /// <exception cref="InvalidOperationException">The store cannot keep its rows; the message says why.</exception>
    void Check(ProjectionPlan projection);

    /// <summary>
    /// Registers what belongs to the store alone: how queries get at the rows, its health checks, what it needs. The store itself is found as <see cref="IProjectionStore{TKey, TRow}"/>, its registry as
    /// <see cref="IGenerationRegistry"/>, both under the projection's name as key, one a host.
    /// </summary>
    /// <param name="module">The module that owns the projection.</param>
    /// <param name="projection">The projection.</param>
    void AddServices(ModuleBuilder module, ProjectionPlan projection);

    /// <summary>Makes the store, when the host starts; once. It opens nothing yet: <see cref="IGenerationRegistry.PrepareAsync"/> does, and is tried until it succeeds.</summary>
    /// <typeparam name="TKey">The key of a row.</typeparam>
    /// <typeparam name="TRow">A row.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="projection">The projection.</param>
    IProjectionStore<TKey, TRow> Create<TKey, TRow>(IServiceProvider services, ProjectionDefinition projection)
        where TKey : struct, IEquatable<TKey>
        where TRow : class;
}

using Monolith.BuildingBlocks.Modules;

namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>
/// Creates the stores of one technology. A store's package implements it and offers an extension method of <c>ProjectionBuilder</c>
/// (<c>ToLucene</c>) that ends in <c>ProjectionBuilder.To</c>.
/// </summary>
public interface IProjectionStoreProvider
{
    /// <summary>
    /// Whether the store is a server that only its projections need. While it is unavailable, the host starts and serves everything else,
    /// and the health check is degraded instead of unhealthy.
    /// </summary>
    bool IsRemote => false;

    /// <summary>Checks at registration that the store can keep the projection's rows.</summary>
    /// <param name="projection">The projection.</param>
    /// <exception cref="InvalidOperationException">The store cannot keep its rows; the message says why.</exception>
    void Check(ProjectionPlan projection);

    /// <summary>
    /// Registers the services of this store: access for queries, health checks, clients. <see cref="IProjectionStore{TKey, TRow}"/> and
    /// <see cref="IGenerationRegistry"/> are registered by the engine as singletons, with the projection's name as the service key.
    /// </summary>
    /// <param name="module">The module that owns the projection.</param>
    /// <param name="projection">The projection.</param>
    void AddServices(ModuleBuilder module, ProjectionPlan projection);

    /// <summary>
    /// Creates the store, once a host. It opens no connection and no file: <see cref="IGenerationRegistry.PrepareAsync"/> does, and is
    /// retried until it succeeds.
    /// </summary>
    /// <typeparam name="TKey">The key of a row.</typeparam>
    /// <typeparam name="TRow">A row.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="projection">The projection.</param>
    IProjectionStore<TKey, TRow> Create<TKey, TRow>(IServiceProvider services, ProjectionDefinition projection)
        where TKey : struct, IEquatable<TKey>
        where TRow : class;
}

/**
 * Spring beans that live in sessions of a named context: {@link dev.scopedcontext.spring.bean.ContextScoped}.
 */
@NullMarked
package dev.scopedcontext.spring.bean;

import org.jspecify.annotations.NullMarked;

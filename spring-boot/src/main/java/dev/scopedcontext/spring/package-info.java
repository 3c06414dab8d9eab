/** The starter for Spring Boot: one package for each part of Spring that it serves. */
@NullMarked
package dev.scopedcontext.spring;

import org.jspecify.annotations.NullMarked;
